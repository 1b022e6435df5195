"""Checks what an invoice needs: order, title, for companies name and tax number, e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.invoice_details import (
    company_in,
    company_said,
    email_in,
    email_said,
    is_tax_number,
    tax_number_in,
    tax_number_said,
    title_in,
)
from actions.order_number import is_carried_over
from actions.order_told import order_told
from actions.saying import is_answer, is_asked, is_own_words, said
from actions.wording import language, money
from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

Filled = dict[str, Any]
_INTENT = "invoice"
_OF_COMPANIES = ("company_name", "tax_number")
_LONGEST_SHOWN = 40


class ValidateInvoiceForm(FormValidationAction):
    """Looks at order, title and address; where no invoice is due it says so and ends the form."""

    idempotent = True  # it only reads: a failure may be tried again

    def name(self) -> str:
        return "validate_invoice_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> list[str]:
        """Ask nothing more where no invoice is due, and people for no tax number."""
        if tracker.get_slot("invoice_possible") is False:
            return ["order_id"]
        if tracker.get_slot("invoice_title") == "personal":
            return [name for name in domain_slots if name not in _OF_COMPANIES]
        return domain_slots

    def extract_invoice_title(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take `personal` or `company`."""
        return _taken("invoice_title", title_in(_answer(tracker)))

    def extract_company_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take a company's name; when asked for one, whatever may be a name."""
        free = is_asked(tracker, "company_name") and is_own_words(tracker, _INTENT)
        read = company_said if free else company_in
        return _taken("company_name", read(_answer(tracker)))

    def extract_tax_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take a tax number; when asked for one, whatever looks meant as one."""
        read = tax_number_said if is_asked(tracker, "tax_number") else tax_number_in
        return _taken("tax_number", read(_answer(tracker)))

    def extract_invoice_email(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> Filled:
        """Take an address; when asked for one, whatever looks meant as one."""
        read = email_said if is_asked(tracker, "invoice_email") else email_in
        return _taken("invoice_email", read(_answer(tracker)))

    async def validate_order_id(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Look the order up and see whether an invoice may be issued."""
        order = await order_told(value, dispatcher)
        if order is None:
            return {"order_id": None}
        number, issued = order["id"], order["invoice_id"]
        refused = "already" if issued else order["no_invoice"]
        if refused is None:
            amount = money(order["total"])
            return {"order_id": number, "invoice_possible": True, "invoice_amount": amount}
        dispatcher.utter_message(
            response=f"utter_invoice_{refused}", order_id=number, invoice_id=issued
        )
        if is_carried_over(tracker):  # perhaps another order is meant: let the customer say
            return {"order_id": None}
        return {"order_id": number, "invoice_possible": False}

    def validate_invoice_title(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Keep the title; for a person what belongs to a company is forgotten."""
        if value == "company":
            return {"invoice_title": value, **_heading(tracker)}
        words = {"zh": "个人", "en": "personal"}.get(language(tracker), "个人")
        emptied: Filled = dict.fromkeys(_OF_COMPANIES)
        return {"invoice_title": "personal", "invoice_heading": words, **emptied}

    def validate_company_name(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Keep the name as it is to stand on the invoice."""
        if tracker.get_slot("invoice_title") != "company":
            return {"company_name": None}
        return {"company_name": value, **_heading(tracker, company_name=value)}

    def validate_tax_number(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Keep a number whose check character is right, or say that it cannot be one."""
        if tracker.get_slot("invoice_title") != "company":
            return {"tax_number": None}
        if is_tax_number(str(value)):
            return {"tax_number": value, **_heading(tracker, tax_number=value)}
        given = str(value)[:_LONGEST_SHOWN]
        length = len(str(value))
        name = "utter_tax_number_mistyped" if length == 18 else "utter_tax_number_malformed"
        dispatcher.utter_message(response=name, given=given, length=length)
        return {"tax_number": None}

    def validate_invoice_email(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: Mapping[str, Any],
    ) -> Filled:
        """Keep an address, or say that it is none."""
        if email_in(str(value)) == value:
            return {"invoice_email": value}
        given = str(value)[:_LONGEST_SHOWN]
        dispatcher.utter_message(response="utter_email_malformed", given=given)
        return {"invoice_email": None}


def _answer(tracker: Tracker) -> str:
    return said(tracker) if is_answer(tracker, _INTENT) else ""


def _taken(slot: str, value: str | None) -> Filled:
    return {slot: value} if value else {}


def _heading(tracker: Tracker, **new: Any) -> Filled:
    """Return the heading of a company's invoice as far as it is known."""
    held = {name: new.get(name) or tracker.get_slot(name) for name in _OF_COMPANIES}
    name, number = held["company_name"] or "", held["tax_number"] or ""
    written = {"zh": f"{name}（税号 {number}）", "en": f"{name} (tax number {number})"}
    return {"invoice_heading": written.get(language(tracker), written["zh"])}
