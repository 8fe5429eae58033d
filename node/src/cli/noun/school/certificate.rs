//! Certificates on paper: the code that is printed on one, and what it says when somebody scans it.

use std::io::Read as _;

use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;
use yilian_core::document::Name;
use yilian_core::records::{Certificate, RecordKind, Typed as _};
use yilian_core::rules::Text;
use yilian_core::school::Proof;

use super::super::One;
use super::super::desk::Desk;
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::qr::{self, Picture};

/// The longest text that is taken for a code, in bytes.
const TEXT_MAX: u64 = 10_000;

/// What is asked of certificates alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(about = "核验码：印在证书上的二维码 | the code that is printed on a certificate")]
    Proof {
        #[command(flatten)]
        one: One,
        #[command(flatten)]
        picture: Picture,
    },
    #[command(
        about = "核验：扫码得到的文字是否可信、是否有效 | check what a code says, and whether it is valid"
    )]
    Check {
        #[arg(
            value_name = "TEXT",
            help = "扫码得到的文字（默认从标准输入读） | what scanning gave (default: standard input)"
        )]
        text: Option<String>,
    },
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: Verb,
) -> Result<(), Failure> {
    match verb {
        Verb::Proof { one, picture } => prove(context, kind, &one, &picture).await,
        Verb::Check { text } => check(context, text).await,
    }
}

async fn prove(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
    picture: &Picture,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, one.site.site.as_ref()).await?;
    let found = desk.find(&one.record).await?;
    let network = desk.node.profile().network.clone();
    desk.node.stop().await;
    let certificate = Certificate::of(found.entry.record());
    let present = certificate.filter(|certificate| certificate.removed_at.is_none());
    let site = found.document.site();
    let proof = present
        .zip(site)
        .and_then(|(certificate, site)| Proof::of(&network, site, certificate));
    let proof = proof.ok_or_else(|| {
        Failure::new(
            "这份证书不完整或已移除：要有姓名、证书名称和发证日期",
            "the certificate is not whole, or was removed: it takes a name, what it certifies and the day of issue",
        )
    })?;
    let title = format!("{} {}", proof.certificate, proof.name);
    let more = json!({ "certificate": found.record });
    qr::draw(context, picture, &proof.to_string(), &title, more)
}

/// What is known of a certificate that somebody shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// The school is held, and has it.
    Issued,
    /// The school is held, and has none like it.
    NotIssued,
    /// The school is held, and revoked it by now.
    Revoked,
    /// The school is not held: only the text speaks for itself.
    NotHeld,
}

async fn check(context: &Context, text: Option<String>) -> Result<(), Failure> {
    let text = match text {
        Some(text) => text,
        None => {
            let mut text = String::new();
            std::io::stdin().take(TEXT_MAX).read_to_string(&mut text)?;
            text
        }
    };
    let proof: Proof = text
        .parse()
        .map_err(|error: yilian_core::school::ParseProofError| {
            Failure::Failed(error.text(), Vec::new())
        })?;
    let node = context.open().await?;
    let today = node.clock().civil().date();
    let known = known(&node, &proof, today).await?;
    let of_network = proof.network == node.profile().network;
    node.stop().await;
    if !of_network {
        let network = &proof.network;
        return Err(Failure::new(
            format!("这是另一个网络（{network}）的证书，在这里核不了"),
            format!(
                "this is a certificate of another network ({network}), and cannot be checked here"
            ),
        ));
    }
    tell(context, &proof, known, today)
}

async fn known(node: &yilian_node::Node, proof: &Proof, today: Date) -> Result<Known, Failure> {
    let name = Name::School {
        site: proof.site.clone(),
    };
    if !node.names().await?.contains(&name) {
        return Ok(Known::NotHeld);
    }
    let (proof, of) = (proof.clone(), name.clone());
    let known = node
        .read(vec![name], move |documents| {
            let certificate = documents.get(&of).and_then(|document| {
                let certificate = proof.agrees(document.view())?;
                Some(certificate.revoked_on)
            });
            match certificate {
                None => Known::NotIssued,
                Some(Some(revoked)) if revoked <= today => Known::Revoked,
                Some(_) => Known::Issued,
            }
        })
        .await?;
    Ok(known)
}

fn tell(context: &Context, proof: &Proof, known: Known, today: Date) -> Result<(), Failure> {
    let covers = proof.covers(today);
    let (valid, word, text) = match (known, covers) {
        (Known::NotIssued, _) => (
            false,
            "not-issued",
            Text::new(
                format!(
                    "{} 的夜校没有发过这份证书，或内容与存档不同：不可信",
                    proof.site
                ),
                format!(
                    "the school of {} has no such certificate: do not trust it",
                    proof.site
                ),
            ),
        ),
        (Known::Revoked, _) => (false, "revoked", Text::new("已吊销", "it was revoked")),
        (_, false) => (
            false,
            "expired",
            Text::new("不在有效期内", "it is not valid on this day"),
        ),
        (Known::Issued, true) => (
            true,
            "valid",
            Text::new(
                "有效：与夜校的存档一致",
                "it is valid: the school's records say the same",
            ),
        ),
        (Known::NotHeld, true) => (
            true,
            "not-held",
            Text::new(
                "内容没有改动过，在有效期内；本机没有该夜校的存档，不能证明确由其签发",
                "nothing in it was changed, and it has not expired; the school's records are not here, so it is not shown that the school issued it",
            ),
        ),
    };
    if !valid {
        return Err(Failure::new(
            format!("{}（{}，{}）", text.zh, proof.name, proof.certificate),
            format!("{} ({}, {})", text.en, proof.name, proof.certificate),
        ));
    }
    if context.json {
        return out::json(&json!({
            "checked": word,
            "site": proof.site,
            "certificate": proof.certificate,
            "name": proof.name,
            "number": proof.number,
            "issued_on": proof.issued_on.to_string(),
            "expires_on": proof.expires_on.map(|day| day.to_string()),
        }));
    }
    out::line(context.text(&text))?;
    let until = proof.expires_on.map(|day| day.to_string());
    let (from, until) = (proof.issued_on, until.unwrap_or_else(|| "…".to_owned()));
    out::line(&format!(
        "{}  {}  {}  {}  {from} – {until}",
        proof.site, proof.certificate, proof.name, proof.number
    ))
}
