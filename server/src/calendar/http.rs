use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Calendars, Feed, FeedError, Topic};

/// `GET /calendar/roster/<site>.ics`, and the same of `bookings` and `lessons`.
pub(crate) fn routes(calendars: Arc<Calendars>) -> Router {
    Router::new()
        .route("/calendar/bookings/{file}", get(bookings))
        .route("/calendar/lessons/{file}", get(lessons))
        .route("/calendar/roster/{file}", get(roster))
        .with_state(calendars)
}

async fn bookings(
    State(calendars): State<Arc<Calendars>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    serve(&calendars, Topic::Bookings, &file, &headers).await
}

async fn lessons(
    State(calendars): State<Arc<Calendars>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    serve(&calendars, Topic::Lessons, &file, &headers).await
}

async fn roster(
    State(calendars): State<Arc<Calendars>>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    serve(&calendars, Topic::Roster, &file, &headers).await
}

async fn serve(
    calendars: &Arc<Calendars>,
    topic: Topic,
    file: &str,
    headers: &HeaderMap,
) -> Response {
    let site = file.strip_suffix(".ics").and_then(|key| key.parse().ok());
    let Some(site) = site else {
        return refusal(FeedError::Unknown);
    };
    match calendars.feed((topic, site)).await {
        Ok(feed) => answer(&feed, headers),
        Err(error) => refusal(error),
    }
}

fn answer(feed: &Feed, headers: &HeaderMap) -> Response {
    let file = match &feed.file {
        Ok(file) => file.clone(),
        Err(error) => return refusal(*error),
    };
    let tag = format!("\"{}\"", feed.version);
    // May be kept, but is asked for again each time: an answer that nothing changed costs nothing.
    let common = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    if knows(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    (common, kind, file).into_response()
}

/// Whether `If-None-Match` names the tag, weak or not, as RFC 9110 compares them.
fn knows(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(header::IF_NONE_MATCH).iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

fn refusal(error: FeedError) -> Response {
    let status = match error {
        FeedError::Unknown => StatusCode::NOT_FOUND,
        FeedError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FeedError::Busy => StatusCode::SERVICE_UNAVAILABLE,
        FeedError::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = format!("{error}\n");
    match error {
        FeedError::Busy => (status, [(header::RETRY_AFTER, "30")], text).into_response(),
        _ => (status, text).into_response(),
    }
}
