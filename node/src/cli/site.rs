//! `--site`, as every command has it: a site by its key or its name.

use clap::Args;
use yilian_core::document::{Name, SiteKey};
use yilian_core::import::read_site;
use yilian_core::records::Site;
use yilian_node::{Node, Role};

use super::context::{Context, site_of};
use super::documents::held;
use super::failure::Failure;
use super::out;

macro_rules! site_arguments {
    ($($(#[$doc:meta])* $name:ident: $help:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Args)]
        pub(crate) struct $name {
            #[arg(long, value_name = "SITE", help = $help)]
            pub(crate) site: Option<String>,
        }

        impl $name {
            /// The site that is named, where one is.
            pub(crate) async fn named(
                &self,
                context: &Context,
                node: &Node,
            ) -> Result<Option<SiteKey>, Failure> {
                match &self.site {
                    Some(text) => named(context, node, text).await.map(Some),
                    None => Ok(None),
                }
            }
        }
    )*};
}

site_arguments! {
    /// One site, or all.
    OnlySite: "只看这个站点（代码或名称） | of this site only (its key or name)";
    /// One site, else the node's own.
    AtSite: "站点的代码或名称（默认本站） | a site's key or name (default: this one)";
    /// One site, else the node's own, else all.
    AtSiteOrAll: "站点的代码或名称（默认本站；中心默认全部） | a site's key or name (default: this one; at a hub: all)";
    /// Whose rows of a file are that say nothing.
    RowSite: "未写站点的行属于哪个站点（默认本站） | for rows that name no site (default: this one)";
}

impl AtSite {
    /// The site that a command is about.
    pub(crate) async fn site(&self, context: &Context, node: &Node) -> Result<SiteKey, Failure> {
        site_of(node, self.named(context, node).await?)
    }
}

impl AtSiteOrAll {
    /// The site that a command is about; none where it is about all.
    pub(crate) async fn site(
        &self,
        context: &Context,
        node: &Node,
    ) -> Result<Option<SiteKey>, Failure> {
        let named = self.named(context, node).await?;
        Ok(named.or_else(|| own_site(node)))
    }
}

impl RowSite {
    /// The site of rows that say none, where one is known.
    pub(crate) async fn site(
        &self,
        context: &Context,
        node: &Node,
    ) -> Result<Option<SiteKey>, Failure> {
        let named = self.named(context, node).await?;
        Ok(named.or_else(|| node.profile().site.clone()))
    }
}

/// The node's own site, unless it is the hub's: a station is about itself, a hub about all.
pub(crate) fn own_site(node: &Node) -> Option<SiteKey> {
    let profile = node.profile();
    profile.site.clone().filter(|_| profile.role == Role::Site)
}

/// The site that a person names by its key or its name. One that the directory does not have may be new, or mistyped: that is
/// said.
pub(crate) async fn named(context: &Context, node: &Node, text: &str) -> Result<SiteKey, Failure> {
    let asked = text.to_owned();
    let (site, unheard) = node
        .read(vec![Name::Sites], move |documents| {
            let site = read_site(&asked, &held(documents));
            let view = documents.get(&Name::Sites).map(|sites| sites.view());
            let known = view.filter(|view| view.present::<Site>().next().is_some());
            let unheard = known
                .zip(site.as_ref().ok())
                .is_some_and(|(view, site)| view.get::<Site>(Site::id_of(site)).is_none());
            (site, unheard)
        })
        .await?;
    if unheard {
        let (zh, en) = (
            format!("注意：站点名录里还没有“{text}”"),
            format!("note: the directory of sites has no {text} yet"),
        );
        out::note(context.pick(&zh, &en));
    }
    site.map_err(|expected| {
        Failure::usage(
            format!("站点不能是“{text}”，应为{}", expected.zh),
            format!("the site cannot be \"{text}\": expected {}", expected.en),
        )
    })
}
