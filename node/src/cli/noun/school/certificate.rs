//! Certificates on paper: the code that is printed on one, and what it says when somebody scans it.

use std::io::Read as _;

use clap::Subcommand;
use jiff::civil::Date;
use serde_json::json;
use yilian_core::document::LiveDocument;
use yilian_core::records::{Certificate, Collection, RecordKind, Typed as _};
use yilian_core::school::{Checked, Proof, document, revoke};
use yilian_node::Node;

use super::super::desk::Desk;
use super::super::{One, Several};
use crate::cli::context::{Context, names};
use crate::cli::failure::Failure;
use crate::cli::out;
use crate::cli::qr::{self, Picture};
use crate::cli::roster::edit::done;

/// The longest text that is taken for a code, in bytes.
const TEXT_MAX: u64 = 10_000;

/// What is asked of certificates alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(about = "核验码：印在证书上的二维码 | the code that is printed on a certificate")]
    Proof {
        #[command(flatten)]
        one: One,
        #[arg(
            long,
            value_name = "URL",
            help = "网页的地址：扫码即打开网页核验（默认只印文字） | the page's address: whoever scans it is on the page that checks it (default: the text alone)"
        )]
        page: Option<String>,
        #[command(flatten)]
        picture: Picture,
    },
    #[command(
        about = "核验：扫码得到的文字是否可信、是否有效 | check what a code says, and whether it is valid"
    )]
    Check {
        #[arg(
            value_name = "TEXT",
            help = "扫码得到的文字或网址（默认从标准输入读） | the text or address that scanning gave (default: standard input)"
        )]
        text: Option<String>,
    },
    #[command(about = "吊销：从这天起无效 | revoke: not valid any more from a day on")]
    Revoke {
        #[command(flatten)]
        several: Several,
        #[arg(
            long,
            value_name = "YYYY-MM-DD",
            value_parser = super::date,
            help = "从哪天起（默认今天） | from which day on (default: today)"
        )]
        on: Option<Date>,
    },
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: Verb,
) -> Result<(), Failure> {
    match verb {
        Verb::Proof { one, page, picture } => {
            prove(context, kind, &one, page.as_deref(), &picture).await
        }
        Verb::Check { text } => check(context, text).await,
        Verb::Revoke { several, on } => take_back(context, kind, &several, on).await,
    }
}

async fn prove(
    context: &Context,
    kind: &'static RecordKind,
    one: &One,
    page: Option<&str>,
    picture: &Picture,
) -> Result<(), Failure> {
    let page = page.map(qr::page).transpose()?;
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
    let text = match page {
        Some(page) => format!("{page}#/certificate/{}", proof.link()),
        None => proof.to_string(),
    };
    qr::draw(context, picture, &text, &title, more)
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
    let checked = checked(&node, &proof, today).await?;
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
    tell(context, &proof, checked)
}

async fn checked(node: &Node, proof: &Proof, today: Date) -> Result<Checked, Failure> {
    let of = [Collection::Issues, Collection::Certificates];
    let of = of.map(|of| document(&proof.site, of));
    let read = names(node, |name| of.contains(name), Vec::new()).await?;
    let proof = proof.clone();
    let checked = node.read(read, move |documents| {
        let [courses, school] = of.map(|name| documents.get(&name).map(LiveDocument::view));
        proof.check(courses, school, today)
    });
    Ok(checked.await?)
}

fn tell(context: &Context, proof: &Proof, checked: Checked) -> Result<(), Failure> {
    let text = checked.text();
    if !matches!(checked, Checked::Valid | Checked::NotHeld) {
        return Err(Failure::new(
            format!("{}（{}，{}）", text.zh, proof.name, proof.certificate),
            format!("{} ({}, {})", text.en, proof.name, proof.certificate),
        ));
    }
    if context.json {
        return out::json(&json!({
            "checked": checked.as_str(),
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

/// Says that certificates are valid no more, here and where everybody can check them.
async fn take_back(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
    on: Option<Date>,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let on = on.unwrap_or_else(|| desk.node.clock().civil().date());
    let (mut edits, mut ids) = (Vec::new(), Vec::new());
    for asked in &several.records {
        let found = desk.find(asked).await?;
        let certificate = Certificate::of(found.entry.record());
        if let (Some(certificate), Some(site)) = (certificate, found.document.site()) {
            edits.extend(revoke(site, certificate, on));
            ids.push(found.record);
        }
    }
    desk.node.edit(edits, "revoke").await?;
    desk.node.stop().await;
    let count = ids.len();
    done(
        context,
        &json!({ "revoked": ids }),
        (&format!("已吊销 {count} 份"), &format!("{count} revoked")),
    )
}
