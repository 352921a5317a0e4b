"""Every worked case of the register is a named test: ``test_gc_063_…`` proves GC-063."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
CASES = """
001 002 003 004 005 006 007 008 009 010 011 012 013 014 015 016 017 018 019 020 021 022 026 027 028 029 030 031 032 033 034
035 036 037 038 039 023 024 025 040 041 042 043 044 045 046 047 048 049 050 051 055 056 057 058 059 052 053 054 060 061 062
063 064 065 066 067 068 069 06A 06B 070 071 072 073 074 075 076 077 078 079 080 081 082 083 084 085 090 091 092 093 094 095
096 097 100 101 102 103 104 105 106 107 108 109 110 120 121 122 123 124 125 126 130 131 132 133 134 135 136 137 138 140 141
142 143 144 145 146 147 160 161 162 163 164 150 151 152 153
""".split()
NOT_TESTED: dict[str, str] = {}
"""Cases that no test proves, each with the reason."""


def test_each_of_the_139_worked_cases_has_a_test_or_a_reason() -> None:
    assert len(set(CASES)) == 139
    named = {
        name.upper()
        for path in TESTS.rglob("test_*.py")
        for test in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
        for name in re.findall(r"gc_(\d\d[0-9a-zA-Z])(?=_|$)", test)
    }
    missing = [case for case in CASES if case not in named and case not in NOT_TESTED]
    assert missing == []
    assert [case for case in NOT_TESTED if case in named] == []
