using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads <c>workflow_run</c>. Returns the field that is missing, or null.</summary>
internal static class WorkflowRunPayload
{
    public static string? Read(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var run = payload.Field("workflow_run");
        if (run.Long("id") is not { } id) return "workflow_run.id";
        if (run.Text("head_sha") is not { } sha || !KeyText.IsCommit(sha)) return "workflow_run.head_sha";
        if (run.Text("status") is not { } status) return "workflow_run.status";
        if (run.Text("event") is not { } trigger) return "workflow_run.event";
        var started = run.Time("run_started_at") ?? run.Time("created_at");
        if ((status == "completed" ? run.Time("updated_at") ?? started : started ?? run.Time("updated_at")) is not { } at) return "workflow_run.created_at";
        WorkflowRunFacts.Add(
            new WorkflowRunSeen
            {
                Repository = repository,
                Id = id,
                Attempt = run.Long("run_attempt") ?? 1,
                Commit = sha.ToLowerInvariant(),
                Trigger = trigger,
                Status = status,
                Conclusion = run.Text("conclusion"),
                Workflow = payload.Field("workflow").Text("name") ?? run.Text("name"),
                Path = run.Text("path") ?? payload.Field("workflow").Text("path"),
                Url = run.Text("html_url"),
                Number = run.Long("run_number") ?? 0,
                At = at,
            },
            settings,
            harvest);
        if (harvest.Facts.Count > 0 && status == "completed") harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }
}
