"""Writes the demo company's CSV files into the packs: always the same for the same SEED in `story`.

    .venv/bin/python tools/demo_company

The CSV files are the source that `trassa demo` loads; this program only saved typing them. It plays a year
of the company: owners bring cars, some are bought or taken on commission, buyers come and go. What the
files say is described in docs/decisions/0015-configuration-as-files.md.
"""

from pathlib import Path

import story
from garage import make_stock_at_start, pledge_some
from services import show_first_stock
from trade import make_purchases, make_sales

from people import make_channels, make_companies, make_loose_inquiries, make_remaining_contacts, make_sites

PACKS = Path(__file__).parents[2] / "src" / "trassa" / "packs"


def main() -> None:
    make_sites()
    make_channels()
    make_companies()
    stock = make_stock_at_start()
    show_first_stock(stock)
    stock += make_purchases()
    make_sales(stock)
    pledge_some(stock)
    make_loose_inquiries()
    make_remaining_contacts()
    files = {
        "auto/demo/site.csv": story.sites,
        "auto/demo/company.csv": story.companies,
        "auto/demo/channel.csv": story.channels,
        "auto/demo/contact.csv": story.contacts,
        "auto/demo/car.csv": story.cars,
        "auto/demo/inquiry.csv": story.inquiries,
        "consignment/demo/deal.csv": story.deals,
        "consignment/demo/car.history.csv": story.car_history,
        "consignment/demo/deal.history.csv": story.deal_history,
        "consignment/demo/diagnostics.csv": story.diagnostics,
        "consignment/demo/diagnostics.history.csv": story.diagnostics_history,
        "consignment/demo/detailing.csv": story.detailing,
        "consignment/demo/detailing.history.csv": story.detailing_history,
        "consignment/demo/detailing_work.csv": story.works,
        "consignment/demo/detailing_work.history.csv": story.work_history,
        "consignment/demo/contract.csv": story.contracts,
        "consignment/demo/catalogue_card.csv": story.cards,
        "consignment/demo/catalogue_card.history.csv": story.card_history,
    }
    for name, table in files.items():
        table.write(PACKS / name)
        print(f"{name}: {len(table.rows)}")


if __name__ == "__main__":
    main()
