"""Callcap's machine-made details of a call: sentiment, summaries, scorecards, the web visit, demographics."""

from typing import Any

from app.domain.details import (
    Demographics,
    Scorecard,
    ScorecardAnswer,
    ScorecardResult,
    Sentiment,
    Summary,
    WebVisit,
)
from app.providers.payload import Object, boolean, mapping, number, objects, present, sequence, text


def sentiment(value: Object) -> Sentiment | None:
    """What Sentiment Suite heard; None without `detail=sentiment`."""
    if not value:
        return None
    found: Sentiment | None = present(
        Sentiment(
            sentiment=text(value.get("sentiment")),
            view=text(value.get("view")),
            view_reason=text(value.get("view_reason")),
            satisfied=boolean(value.get("satisfied")),
            frustrated=boolean(value.get("frustrated")),
            frustrated_reason=text(value.get("frustrated_reason")),
            concern_class=text(value.get("concern_class")),
        )
    )
    return found


def summaries(value: Any) -> tuple[Summary, ...]:
    """The summaries in the vendor's order, empty ones left out."""
    made = (Summary(kind=text(item.get("type")), text=text(item.get("text"))) for item in objects(value))
    return tuple(summary for summary in made if present(summary))


def scorecards(value: Any) -> tuple[Scorecard, ...]:
    """The scorecards in the vendor's order, empty ones left out."""
    made = (
        Scorecard(name=text(item.get("name")), results=tuple(map(_result, objects(item.get("results")))))
        for item in objects(value)
    )
    return tuple(scorecard for scorecard in made if present(scorecard))


def _result(value: Object) -> ScorecardResult:
    return ScorecardResult(
        question=text(value.get("question")),
        answers=tuple(
            ScorecardAnswer(
                entry=text(answer.get("entry")),
                value=number(answer.get("value")),
                max_value=number(answer.get("max_value")),
                min_value=number(answer.get("min_value")),
            )
            for answer in objects(value.get("answers"))
        ),
    )


def web_visit(webmatch: Object) -> WebVisit | None:
    """The visit that the call was matched to; None where all its fields are blank."""
    if not webmatch:
        return None
    visitor = mapping(webmatch.get("visitor"))
    device, system, browser = (mapping(visitor.get(key)) for key in ("device", "os", "browser"))
    found: WebVisit | None = present(
        WebVisit(
            traffic_type=text(webmatch.get("traffic_type")),
            search=text(webmatch.get("search")),
            referrer=text(webmatch.get("referrer")),
            call_page=text(webmatch.get("call_page")),
            ad_group=text(webmatch.get("ad_group")),
            ad_placement=text(webmatch.get("ad_placement")),
            creative_id=text(webmatch.get("creative_id")),
            keyword_id=text(webmatch.get("keyword_id")),
            device_type=text(device.get("type")),
            os_name=text(system.get("name")),
            os_version=text(system.get("version")),
            browser_name=text(browser.get("name")),
            browser_version=text(browser.get("version")),
        )
    )
    return found


def demographics(value: Object) -> Demographics | None:
    """What is known of the caller's household, as the vendor shapes it; None where every part is empty."""
    if not value:
        return None
    found: Demographics | None = present(
        Demographics(
            person=dict(mapping(value.get("person"))),
            demographics=dict(mapping(value.get("demographics"))),
            property=dict(mapping(value.get("property"))),
            addresses=tuple(sequence(value.get("addresses"))),
            emails=tuple(sequence(value.get("emails"))),
            vehicles=tuple(sequence(value.get("vehicles"))),
        )
    )
    return found
