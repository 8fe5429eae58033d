//! Codes to print: whoever scans one is on the page that it is of.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use yilian_core::document::{Name, SiteKey};
use yilian_core::import::clean_name;
use yilian_core::records::{Course, Site};
use yilian_node::qr::Code;

use super::context::{Context, names};
use super::failure::Failure;
use super::out;
use super::site::AtSite;

/// What can be asked of `yilian qr`.
#[derive(Debug, Args)]
pub(crate) struct Qr {
    #[command(flatten)]
    site: AtSite,
    #[arg(
        long,
        value_name = "NAME",
        help = "课程：扫码报名（默认扫码办事） | a course: scan to enrol (default: scan to ask for something)"
    )]
    course: Option<String>,
    #[arg(
        long,
        value_name = "URL",
        help = "网页的地址，如 https://… | the page's address, such as https://…"
    )]
    page: String,
    #[command(flatten)]
    picture: Picture,
}

/// Where a code is drawn.
#[derive(Debug, Args)]
pub(crate) struct Picture {
    #[arg(
        long,
        value_name = "FILE",
        help = "写到 .svg 或 .png 文件，供打印（默认显示） | write to an .svg or .png file, for print (default: show it)"
    )]
    out: Option<PathBuf>,
}

/// What a code's file is.
#[derive(Clone, Copy, Debug)]
enum Form {
    Png,
    Svg,
}

pub(crate) async fn run(context: &Context, asked: Qr) -> Result<(), Failure> {
    let page = page(&asked.page)?;
    let node = context.open().await?;
    let site = asked.site.site(context, &node).await?;
    let (name, course) = (site_name(&node, &site).await?, asked.course.as_deref());
    node.stop().await;
    let (address, title) = match course.map(clean_name) {
        Some(course) => (
            format!(
                "{page}#/site/{site}/enrol/{}",
                Course::id_of(&site, &course)
            ),
            format!("{name} {course}"),
        ),
        None => (format!("{page}#/site/{site}/ask"), name),
    };
    draw(
        context,
        &asked.picture,
        &address,
        &title,
        json!({ "site": site }),
    )
}

/// Draws a code, or shows it with its text; programs get `more` and the text.
pub(crate) fn draw(
    context: &Context,
    picture: &Picture,
    text: &str,
    title: &str,
    more: serde_json::Value,
) -> Result<(), Failure> {
    let code = Code::of(text)
        .map_err(|error| Failure::from_error(("画不出二维码", "cannot draw the code"), &error))?;
    let file = picture.out.as_deref();
    if let Some(file) = file {
        let bytes = match form_of(file)? {
            Form::Svg => code.svg(title).into_bytes(),
            Form::Png => code.png().map_err(|error| {
                Failure::from_error(("画不出二维码", "cannot draw the code"), &error)
            })?,
        };
        std::fs::write(file, bytes).map_err(|error| {
            let shown = file.display();
            let texts = (format!("写不了 {shown}"), format!("cannot write {shown}"));
            Failure::from_error((&texts.0, &texts.1), &error)
        })?;
    }
    if context.json {
        let mut said = json!({ "text": text, "file": file });
        if let (Some(said), Some(more)) = (said.as_object_mut(), more.as_object()) {
            said.extend(more.clone());
        }
        return out::json(&said);
    }
    match file {
        Some(file) => {
            let shown = file.display();
            context.say(&format!("已写到 {shown}"), &format!("written to {shown}"))?;
        }
        None => out::line(&code.blocks())?,
    }
    out::line(text)
}

fn form_of(file: &Path) -> Result<Form, Failure> {
    let extension = file.extension().and_then(|extension| extension.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("png") => Ok(Form::Png),
        Some("svg") => Ok(Form::Svg),
        _ => Err(Failure::usage(
            "二维码只能写到 .svg 或 .png 文件",
            "a code is written to an .svg or a .png file",
        )),
    }
}

/// The page's address without what follows `#`.
pub(crate) fn page(text: &str) -> Result<&str, Failure> {
    let page = text.split('#').next().unwrap_or_default().trim();
    let is_page = ["https://", "http://"].iter().any(|scheme| {
        page.strip_prefix(scheme)
            .is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace))
    });
    match is_page {
        true => Ok(page),
        false => Err(Failure::usage(
            format!("“{text}”不是网页的地址：应以 https:// 或 http:// 开头"),
            format!("\"{text}\" is no page's address: it begins with https:// or http://"),
        )),
    }
}

async fn site_name(node: &yilian_node::Node, site: &SiteKey) -> Result<String, Failure> {
    let read = names(node, |name| *name == Name::Sites, Vec::new()).await?;
    let of = site.clone();
    let name = node
        .read(read, move |documents| {
            let sites = documents.get(&Name::Sites)?.view();
            let site: &Site = sites.get(Site::id_of(&of))?;
            Some(site.name.clone())
        })
        .await?;
    Ok(name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| site.to_string()))
}
