using System.Collections.Immutable;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>The fact of a workflow run on a line.</summary>
internal static class WorkflowRunFacts
{
    /// <summary>What is said of a run that is not taken because the statuses are.</summary>
    public const string OnlyPart = "all statuses of a commit together are the verdict, and a workflow run is only a part of them (Gitea:CompleteChecks)";

    private const int Queued = 0, Held = 1, Running = 2, Finished = 3;

    public static void Add(WorkflowRunSeen seen, GiteaSettings settings, Harvest harvest)
    {
        if (!settings.WorkflowEvents.Contains(seen.Trigger))
        {
            harvest.Nothing = $"a run for {SourceText.Quote(seen.Trigger)} is not about the target branch (Gitea:WorkflowEvents)";
            return;
        }
        if (seen.Branch is { } branch && !settings.Host.IsLine(branch, seen.DefaultBranch))
        {
            harvest.Nothing = $"a run on {SourceText.Quote(branch)}, which is not a line, says nothing of a gate (Gitea:TargetBranches)";
            return;
        }
        string? file = seen.Path?[(seen.Path.LastIndexOf('/') + 1)..];
        if (!settings.EveryWorkflowIsComplete && !settings.IsComplete(seen.Workflow, seen.Path, file))
        {
            // A part that is never read again would show a run whose end was lost as running for ever.
            harvest.Nothing = OnlyPart;
            return;
        }
        (GateStatus status, Reason reason, int rank) = seen.Status switch
        {
            "queued" or "requested" or "pending" or "waiting" => (GateStatus.Running, Reason.None, Queued),
            "blocked" => (GateStatus.Waiting, Reason.AwaitingApproval, Held),
            "in_progress" or "running" => (GateStatus.Running, Reason.None, Running),
            "completed" => seen.Conclusion switch
            {
                "success" => (GateStatus.Passed, Reason.None, Finished),
                "failure" or "timed_out" => (GateStatus.Failed, Reason.None, Finished),
                "cancelled" or "canceled" => (GateStatus.Waiting, Reason.Cancelled, Finished),
                "skipped" => (GateStatus.Waiting, Reason.Skipped, Finished),
                "neutral" or "" or null => (GateStatus.Waiting, Reason.Inconclusive, Finished),
                _ => (GateStatus.Waiting, Reason.Unrecognized, Finished),
            },
            _ => (GateStatus.Waiting, Reason.Unrecognized, Queued),
        };
        string word = seen.Status == "completed" ? seen.Conclusion is { Length: > 0 } end ? end : "no conclusion" : seen.Status;
        // The API tells the file and not the name.
        string label = file ?? seen.Workflow ?? "workflow";
        var subject = KeyText.Build(seen.Url is { } url && url.StartsWith("http", StringComparison.Ordinal) ? url : $"{settings.Host.WebAddress}{seen.Repository.ToLowerInvariant()}/actions/runs/{seen.Id}");
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: {SourceText.Quote(word)} is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = settings.Host.Ci,
            Ordinal = new Ordinal(seen.Id, seen.Attempt, rank),
            Status = status,
            Reason = reason,
            OccurredAt = seen.At,
            Name = $"workflow {label}",
            Revision = seen.Commit,
            Detail = $"{label} #{seen.Number}: {word}",
            Evidence = Evidence.From(seen.Url, $"{label} #{seen.Number}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant()),
        });
    }
}
