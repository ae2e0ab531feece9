using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.Gitea.Observations;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Webhooks;

/// <summary>Reads <c>status</c> and <c>workflow_run</c> events. Each method returns the field that is missing, or null.</summary>
internal static class CiPayload
{
    public static string? ReadStatus(JsonElement payload, string repository, GiteaSettings settings, Harvest harvest)
    {
        if ((payload.Text("sha") ?? payload.Text("commit", "id")) is not { } sha || !KeyText.IsCommit(sha)) return "sha";
        if (StatusObject.Read(payload, "state") is not { } seen) return "id, state or created_at";
        StatusFacts.Add(seen, repository, sha.ToLowerInvariant(), settings, harvest);
        if (seen.IsEnd) harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }

    public static string? ReadWorkflowRun(JsonElement payload, string repository, GiteaSettings settings, Harvest harvest)
    {
        if (payload.Member("workflow_run") is not { } run) return "workflow_run";
        if (WorkflowRunObject.Read(run, payload.Text("workflow", "name"), payload.Text("repository", "default_branch"), repository, settings, harvest) is { } missing) return $"workflow_run.{missing}";
        // With a token all statuses of the commit are the verdict, and a run's end is a good moment to read them.
        if (run.Text("status") == "completed" && harvest.Nothing is null or WorkflowRunFacts.OnlyPart && run.Text("head_sha") is { } sha) harvest.Hints.Add(Key.Commit(repository, sha));
        return null;
    }
}
