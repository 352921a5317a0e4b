"""The shapes of answers and requests, for the OpenAPI document. The projections spell the answers, these do not."""
