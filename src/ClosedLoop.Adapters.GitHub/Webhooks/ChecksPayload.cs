using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Observations;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Webhooks;

/// <summary>Reads <c>check_run</c>, <c>check_suite</c> and <c>status</c>. Each method returns the field that is missing, or null.</summary>
internal static class ChecksPayload
{
    public static string? ReadRun(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var run = payload.Field("check_run");
        if (run.Long("id") is not { } id) return "check_run.id";
        if (run.Text("head_sha") is not { } sha || !KeyText.IsCommit(sha)) return "check_run.head_sha";
        if (run.Text("status") is not { } status) return "check_run.status";
        if (run.Text("name") is not { } name) return "check_run.name";
        CheckFacts.Add(
            new CheckSeen
            {
                Repository = repository,
                Commit = sha.ToLowerInvariant(),
                Id = id,
                Name = name,
                Status = status,
                Conclusion = run.Text("conclusion"),
                StartedAt = run.Time("started_at"),
                CompletedAt = run.Time("completed_at"),
                Url = run.Text("details_url"),
            },
            harvest);
        if (status == "completed") harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }

    /// <summary>
    /// A suite has no fact of its own: it is the sum of check runs that report themselves, its conclusion changes again after a
    /// re-run without a number to order by, and suites of apps that never run stay queued for ever. A completed one is a good
    /// moment to read the commit's rollup.
    /// </summary>
    public static string? ReadSuite(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        var suite = payload.Field("check_suite");
        if (suite.Text("head_sha") is not { } sha || !KeyText.IsCommit(sha)) return "check_suite.head_sha";
        if (suite.Text("status") == "completed" || payload.Text("action") == "completed") harvest.Hints.Add(Key.Commit(repository, sha));
        else harvest.Nothing = "a check suite that is not completed says nothing; its check runs report themselves";
        return null;
    }

    public static string? ReadStatus(JsonElement payload, string repository, GitHubSettings settings, Harvest harvest)
    {
        if (payload.Text("sha") is not { } sha || !KeyText.IsCommit(sha)) return "sha";
        if (payload.Text("state") is not { } state) return "state";
        if ((payload.Time("created_at") ?? payload.Time("updated_at")) is not { } created) return "created_at";
        CheckFacts.Add(
            new CommitStatusSeen
            {
                Repository = repository,
                Commit = sha.ToLowerInvariant(),
                Context = payload.Text("context") ?? "default",
                State = state,
                CreatedAt = created,
                Url = payload.Text("target_url"),
            },
            harvest);
        if (state != "pending") harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }
}
