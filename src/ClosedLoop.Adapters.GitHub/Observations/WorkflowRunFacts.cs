using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>The fact of a workflow run on the target branch.</summary>
internal static class WorkflowRunFacts
{
    public static void Add(WorkflowRunSeen seen, GitHubSettings settings, Harvest harvest)
    {
        if (!settings.IsMainEvent(seen.Trigger))
        {
            harvest.Nothing = $"a run for '{seen.Trigger}' is not about the target branch (GitHub:WorkflowEvents)";
            return;
        }
        var verdict = RunVerdict.Of(seen.Status, seen.Conclusion);
        string word = seen.Status == "completed" ? seen.Conclusion ?? "no conclusion" : seen.Status;
        string? path = seen.Path is { } file && file.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? file[..at] : seen.Path;
        string label = seen.Workflow ?? path ?? "workflow";
        var subject = KeyText.Build(seen.Url is { } url ? WithoutAttempt(url) : $"{seen.Repository.ToLowerInvariant()}/actions/runs/{seen.Id}");
        if (verdict.Reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: '{word}' is not known to this version and counts as no evidence");
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = GitHubWriters.Ci,
            Ordinal = new Ordinal(seen.Id, seen.Attempt, verdict.Rank),
            Status = verdict.Status,
            Reason = verdict.Reason,
            OccurredAt = seen.At,
            // The path and not the name: a job called like its workflow is a check of that name, and the two are not one series.
            Name = path ?? $"workflow {label}",
            Revision = seen.Commit,
            IsPartial = !settings.IsCompleteWorkflow(seen.Workflow, path),
            Detail = $"{label} #{seen.Number}: {word}",
            Evidence = Evidence.From(seen.Url, $"{label} #{seen.Number}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
            Attributes = ImmutableSortedDictionary<string, string>.Empty
                .Add("workflow", label)
                .Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant()),
        });
    }

    private static string WithoutAttempt(string url)
    {
        int attempts = url.IndexOf("/attempts/", StringComparison.Ordinal);
        return attempts < 0 ? url : url[..attempts];
    }
}
