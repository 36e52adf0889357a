//! What rmcp is put through; see suite.mjs for what it prints.
//!
//!     driver steps|crash
use std::{
    env,
    io::{self, BufRead},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rmcp::{
    ClientHandler, ErrorData, RoleClient, ServiceExt,
    model::{
        CallToolRequestParams, ClientCapabilities, ClientConfig, ElicitRequestParams, ElicitResult, ElicitationAction,
        ElicitationCapability, Implementation, ProgressNotificationParam,
    },
    service::{NotificationContext, RequestContext, RunningService},
    transport::StreamableHttpClientTransport,
};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

type Failure = Box<dyn std::error::Error>;

/// The user, who is told of progress and answers questions.
#[derive(Clone, Default)]
struct User {
    heard: Arc<AtomicUsize>,
}

impl ClientHandler for User {
    async fn create_elicitation(
        &self,
        _request: ElicitRequestParams,
        _context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        Ok(ElicitResult::new(ElicitationAction::Accept).with_content(json!({ "color": "blue" })))
    }

    async fn on_progress(&self, _report: ProgressNotificationParam, _context: NotificationContext<RoleClient>) {
        self.heard.fetch_add(1, Ordering::SeqCst);
    }

    fn get_info(&self) -> ClientConfig {
        let mut capabilities = ClientCapabilities::default();
        capabilities.elicitation = Some(ElicitationCapability::default());
        ClientConfig::new(capabilities, Implementation::new("rmcp-trial", "1.0.0"))
    }
}

struct Client {
    service: RunningService<RoleClient, User>,
    heard: Arc<AtomicUsize>,
}

impl Client {
    async fn connect() -> Result<Self, Failure> {
        let user = User::default();
        let heard = user.heard.clone();
        let service = user.serve(StreamableHttpClientTransport::from_uri(env::var("URL")?)).await?;
        Ok(Self { service, heard })
    }

    async fn call(&self, tool: &str, arguments: Value) -> Result<String, Failure> {
        let Value::Object(arguments) = arguments else { return Err("arguments are an object".into()) };
        let request = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let result = serde_json::to_value(self.service.call_tool(request).await?)?;
        let texts: Vec<&str> =
            result["content"].as_array().into_iter().flatten().filter_map(|item| item["text"].as_str()).collect();
        Ok(texts.join("\n"))
    }

    /// A long call, and what a model does with an operation that was handed over: it calls the tool that the answer names.
    async fn nap(&self, seconds: u64, label: &str) -> Result<&'static str, Failure> {
        let mut text = self.call("nap", json!({ "seconds": seconds, "label": label })).await?;
        let mut status = "ok";
        while let Some((tool, arguments)) = next(&text) {
            status = "handed-over";
            text = self.call(&tool, serde_json::from_str(&arguments)?).await?;
        }
        must(&text, &format!("Slept {seconds}"))?;
        Ok(status)
    }

    async fn close(self) {
        if let Err(error) = self.service.cancel().await {
            eprintln!("closing: {error}");
        }
    }
}

/// The tool and the arguments in "call the tool continue_operation with {…}".
fn next(text: &str) -> Option<(String, String)> {
    let at = text.to_lowercase().find("call the tool ")?;
    let (tool, rest) = text[at + "call the tool ".len()..].split_once(" with ")?;
    let end = rest.find('}')?;
    Some((tool.to_owned(), rest[..=end].to_owned()))
}

fn must(text: &str, wanted: &str) -> Result<(), Failure> {
    if text.contains(wanted) {
        return Ok(());
    }
    Err(format!("no {wanted:?} in: {}", text.chars().take(300).collect::<String>()).into())
}

fn say(step: &str, outcome: Result<(&str, String), Failure>) {
    let (status, note) = outcome.unwrap_or_else(|error| ("failed", error.to_string()));
    let note: String = note.chars().take(400).collect();
    // In the order that suite.mjs looks for.
    println!(r#"{{"step":{},"status":{},"note":{}}}"#, json!(step), json!(status), json!(note));
}

async fn steps(label: &str) -> Result<(), Failure> {
    let client = Client::connect().await?;
    say("list", list(&client).await);
    say("quick", quick(&client).await);
    say("progress", progress(&client, label).await);
    say("cancel", cancel(&client, label).await);
    say("question", question(&client, label).await);
    say("large", large(&client).await);
    say("slow", client.nap(70, &format!("{label}-slow")).await.map(|status| (status, String::new())));
    client.close().await;
    Ok(())
}

async fn list(client: &Client) -> Result<(&'static str, String), Failure> {
    let tools = client.service.list_all_tools().await?;
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    must(&names.join(" "), "nap")?;
    Ok(("ok", format!("{} tools", names.len())))
}

async fn quick(client: &Client) -> Result<(&'static str, String), Failure> {
    must(&client.call("echo", json!({ "text": "hello" })).await?, "Echo: hello")?;
    Ok(("ok", String::new()))
}

async fn progress(client: &Client, label: &str) -> Result<(&'static str, String), Failure> {
    client.heard.store(0, Ordering::SeqCst);
    let text = client.call("nap", json!({ "seconds": 4, "label": format!("{label}-progress") })).await?;
    must(&text, "Slept 4")?;
    match client.heard.load(Ordering::SeqCst) {
        0 => Err("no progress was heard".into()),
        heard => Ok(("ok", format!("{heard} reports"))),
    }
}

async fn cancel(client: &Client, label: &str) -> Result<(&'static str, String), Failure> {
    let call = client.call("nap", json!({ "seconds": 40, "label": format!("{label}-cancel") }));
    if timeout(Duration::from_secs(3), call).await.is_ok() {
        return Err("it was answered".into());
    }
    // A client of 2026-07-28 that left may come back; only then is the work stopped.
    sleep(Duration::from_secs(24)).await;
    Ok(("ok", String::new()))
}

async fn question(client: &Client, label: &str) -> Result<(&'static str, String), Failure> {
    must(&client.call("ask_color", json!({ "label": label })).await?, "blue")?;
    Ok(("ok", String::new()))
}

async fn large(client: &Client) -> Result<(&'static str, String), Failure> {
    let text = client.call("large", json!({ "kilobytes": 2048 })).await?;
    must(&text, "0123456789abcdef")?;
    Ok(("ok", format!("{} characters", text.len())))
}

async fn patiently(client: &Client, label: &str) -> Result<&'static str, Failure> {
    // As long as a user looks on.
    timeout(Duration::from_secs(75), client.nap(20, label))
        .await
        .unwrap_or_else(|_| Err("no answer within 75 s: the client goes on waiting".into()))
}

async fn crash(label: &str) -> Result<(), Failure> {
    let mut client = Some(Client::connect().await?);
    if let Some(connected) = &client {
        list(connected).await?;
        println!("READY");
        io::stdin().lock().read_line(&mut String::new())?;
        match patiently(connected, label).await {
            Ok(status) => {
                say("crash", Ok((status, String::new())));
                say("repeat", Ok(("ok", "not needed".to_owned())));
                return Ok(());
            }
            Err(error) => say("crash", Err(error)),
        }
    }
    let mut last: Failure = "never tried".into();
    for attempt in 1..=40 {
        if client.is_none() {
            client = Client::connect().await.map_err(|error| last = error).ok();
        }
        if let Some(connected) = &client {
            match patiently(connected, label).await {
                Ok(status) => {
                    say("repeat", Ok((status, format!("at try {attempt}"))));
                    return Ok(());
                }
                Err(error) => last = error,
            }
        }
        if let Some(connected) = client.take() {
            connected.close().await;
        }
        sleep(Duration::from_secs(3)).await;
    }
    say("repeat", Err(last));
    Ok(())
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let label = env::var("LABEL")?;
    match env::args().nth(1).as_deref() {
        Some("crash") => crash(&label).await,
        _ => steps(&label).await,
    }
}
