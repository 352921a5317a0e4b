"""What an error that others raised says in French: the system's own words are English everywhere."""

import errno

_SYSTEM = {
    errno.ENOENT: "ni fichier ni dossier de ce nom",
    errno.EACCES: "permission refusée",
    errno.EPERM: "opération interdite",
    errno.EEXIST: "existe déjà",
    errno.EISDIR: "est un dossier",
    errno.ENOTDIR: "n'est pas un dossier",
    errno.ENOTEMPTY: "le dossier n'est pas vide",
    errno.ENOSPC: "plus de place sur le disque",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENAMETOOLONG: "nom trop long",
    errno.EADDRINUSE: "adresse déjà prise",
    errno.EADDRNOTAVAIL: "adresse qui n'est pas de cette machine",
    errno.ECONNREFUSED: "connexion refusée",
    errno.EIO: "erreur de lecture ou d'écriture",
}


def french_of(error: Exception) -> str:
    """What the error says, in French where it, or the system's number of it, has French words; else its own."""
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno or 0, error.strerror or str(error))
    return str(getattr(error, "french", error))
