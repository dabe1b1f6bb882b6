# A small program that fails the way real ones do: an exception nobody catches.
import os

import sentry_sdk

sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], release="planner@2.0.1", environment="staging", shutdown_timeout=5)
sentry_sdk.set_user({"id": "7", "username": "grace"})
sentry_sdk.set_tag("region", "eu-west")


def hours_left(plan):
    total = plan["budget"]
    return total / plan["people"]


def main():
    print(hours_left({"budget": 40, "people": 0}))


main()
