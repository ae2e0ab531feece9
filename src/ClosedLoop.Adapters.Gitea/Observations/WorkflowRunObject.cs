using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>Reads a workflow run, which is one and the same object in webhooks and in the API.</summary>
internal static class WorkflowRunObject
{
    /// <returns>The field that is missing, or null.</returns>
    public static string? Read(JsonElement run, string? workflow, string? defaultBranch, string repository, GiteaSettings settings, Harvest harvest)
    {
        if (run.Number("id") is not ({ } id and > 0)) return "id";
        if (run.Text("head_sha") is not { } sha || !KeyText.IsCommit(sha)) return "head_sha";
        if (run.Text("status") is not { } status) return "status";
        if (run.Text("event") is not { } trigger) return "event";
        var at = status == "completed" ? HostTime.Latest(run.Moment("completed_at"), run.Moment("updated_at")) : HostTime.Latest(run.Moment("started_at"), run.Moment("created_at"), run.Moment("run_started_at"));
        at ??= HostTime.Latest(run.Moment("updated_at"), run.Moment("started_at"), run.Moment("created_at"));
        if (at is not { } moment) return "started_at";
        // path is "ci.yml@refs/heads/main".
        string? path = run.Text("path");
        if (path is not null && path.IndexOf('@', StringComparison.Ordinal) is > 0 and var end) path = path[..end];
        WorkflowRunFacts.Add(
            new WorkflowRunSeen
            {
                Repository = repository,
                Id = id,
                Attempt = run.Number("run_attempt") is { } attempt and > 0 ? attempt : 1,
                Commit = sha.ToLowerInvariant(),
                Trigger = trigger,
                Status = status,
                Conclusion = run.Text("conclusion"),
                Workflow = workflow ?? path,
                Path = path,
                Branch = run.Text("head_branch"),
                DefaultBranch = defaultBranch,
                Url = run.Text("html_url"),
                Number = run.Number("run_number") ?? id,
                At = moment,
            },
            settings,
            harvest);
        return null;
    }
}
