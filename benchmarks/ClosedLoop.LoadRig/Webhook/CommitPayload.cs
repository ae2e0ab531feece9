using System.Text.Json;

namespace ClosedLoop.LoadRig.Webhook;

/// <summary>What GitHub tells of a commit after it was merged: that the branch moved, what its workflow came to, where it was deployed.</summary>
internal sealed record CommitPayload(int Number, string Sha)
{
    private const string Message = "Ask once for the password";

    private static readonly string[] RunAddresses = ["jobs", "logs", "check_suite", "artifacts", "cancel", "rerun"];

    public byte[] Pushed(DateTimeOffset at) => PayloadParts.Delivery(null, json =>
    {
        json.WriteString("ref", "refs/heads/main");
        json.WriteString("before", Sha[1..] + "0");
        json.WriteString("after", Sha);
        json.WriteBoolean("created", false);
        json.WriteBoolean("deleted", false);
        json.WriteBoolean("forced", false);
        json.WriteString("compare", PayloadParts.Page + "/compare");
        json.WriteStartArray("commits");
        WriteCommit(json, null, at);
        json.WriteEndArray();
        WriteCommit(json, "head_commit", at);
    }, at);

    public byte[] Built(DateTimeOffset startedAt, DateTimeOffset at) => PayloadParts.Delivery("completed", json =>
    {
        string address = $"{PayloadParts.Api}repos/acme/web/actions/runs/{Number}";
        json.WriteStartObject("workflow_run");
        PayloadParts.WriteIds(json, Number, address, $"{PayloadParts.Page}/actions/runs/{Number}");
        json.WriteString("name", "CI");
        json.WriteString("head_branch", "main");
        json.WriteString("head_sha", Sha);
        json.WriteString("path", ".github/workflows/ci.yml");
        json.WriteString("display_title", Message);
        json.WriteNumber("run_number", Number);
        json.WriteString("event", "push");
        json.WriteString("status", "completed");
        json.WriteString("conclusion", "success");
        json.WriteString("created_at", PayloadParts.Instant(startedAt));
        json.WriteString("updated_at", PayloadParts.Instant(at));
        json.WriteNumber("run_attempt", 1);
        json.WriteString("run_started_at", PayloadParts.Instant(startedAt));
        PayloadParts.WriteUser(json, "actor", "bob");
        PayloadParts.WriteUser(json, "triggering_actor", "bob");
        foreach (string part in RunAddresses) json.WriteString(part + "_url", $"{address}/{part}");
        WriteCommit(json, "head_commit", startedAt);
        WriteRepository(json, "repository");
        WriteRepository(json, "head_repository");
        json.WriteEndObject();
        json.WriteStartObject("workflow");
        PayloadParts.WriteIds(json, 5, PayloadParts.Api + "repos/acme/web/actions/workflows/5", PayloadParts.Page + "/blob/main/.github/workflows/ci.yml");
        json.WriteString("name", "CI");
        json.WriteString("path", ".github/workflows/ci.yml");
        json.WriteEndObject();
    });

    public byte[] Deployed(string state, DateTimeOffset at) => PayloadParts.Delivery("created", json =>
    {
        string address = $"{PayloadParts.Api}repos/acme/web/deployments/{Number}";
        json.WriteStartObject("deployment_status");
        PayloadParts.WriteIds(json, 50_000 + Number, address + "/statuses", null);
        json.WriteString("state", state);
        PayloadParts.WriteUser(json, "creator", "bob");
        json.WriteString("environment", "production");
        json.WriteString("created_at", PayloadParts.Instant(at));
        json.WriteString("log_url", $"{PayloadParts.Page}/actions/runs/{Number}");
        json.WriteEndObject();
        json.WriteStartObject("deployment");
        PayloadParts.WriteIds(json, Number, address, null);
        json.WriteString("task", "deploy");
        json.WriteString("environment", "production");
        json.WriteString("ref", "main");
        json.WriteString("sha", Sha);
        PayloadParts.WriteUser(json, "creator", "bob");
        json.WriteEndObject();
        json.WriteStartObject("workflow_run");
        WriteRepository(json, "head_repository");
        WriteRepository(json, "repository");
        json.WriteEndObject();
    });

    private void WriteCommit(Utf8JsonWriter json, string? name, DateTimeOffset at)
    {
        if (name is null) json.WriteStartObject();
        else json.WriteStartObject(name);
        json.WriteString("id", Sha);
        json.WriteString("tree_id", Sha);
        json.WriteBoolean("distinct", true);
        json.WriteString("message", $"{Message} (#{Number})");
        json.WriteString("timestamp", PayloadParts.Instant(at));
        foreach (string role in new[] { "author", "committer" })
        {
            json.WriteStartObject(role);
            json.WriteString("name", "bob");
            json.WriteString("email", "bob@example.com");
            json.WriteString("username", role == "author" ? "bob" : "web-flow");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteRepository(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        PayloadParts.WriteRepository(json);
        json.WriteEndObject();
    }
}
