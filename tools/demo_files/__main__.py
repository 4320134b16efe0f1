"""Gives the demo company files and conversations: always the same for the same records and SEED of `talks`.

    .venv/bin/python tools/demo_files

Reads the packs' CSV files, adds photographs and prices of cars on offer, scans of contracts and reports about
cars to them, and writes `deal.comments.csv` and the papers. Can run again. Needs the system's Chromium.
"""

from pathlib import Path

from papers import print_papers
from tables import Company
from talks import photograph_cars, price_cards, scan_contracts, talk

PACKS = Path(__file__).parents[2] / "src" / "trassa" / "packs"


def main() -> None:
    company = Company(PACKS)
    photograph_cars(company)
    price_cards(company)
    scan_contracts(company)
    talk(company)
    company.write()
    print_papers(company, PACKS)


if __name__ == "__main__":
    main()
