using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>The fact of a pipeline of a line.</summary>
internal static class PipelineFacts
{
    /// <summary>The series of a line's pipelines; the name to require in a pipeline of gates.</summary>
    public const string Series = "pipeline";

    /// <summary>What starts the pipelines of merge requests, of merged results and of merge trains.</summary>
    public const string CandidateSource = "merge_request_event";

    private const string CandidateReference = "refs/merge-requests/";

    /// <summary>
    /// Whether a pipeline is about a candidate. A webhook shows the source branch as its ref, which may be a line itself, so what started it decides too.
    /// </summary>
    public static bool IsCandidate(string? source, string reference) => source == CandidateSource || reference.StartsWith(CandidateReference, StringComparison.Ordinal);

    /// <summary>The number of <c>refs/merge-requests/12/train</c>, or null.</summary>
    public static long? NumberOf(string reference) =>
        reference.StartsWith(CandidateReference, StringComparison.Ordinal) && reference[CandidateReference.Length..].Split('/') is [var number, _]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int found) && found > 0 ? found : null;

    /// <summary>Why a pipeline says nothing of the line, or null.</summary>
    public static string? ReasonToIgnore(string? source, string reference, bool isTag, string? defaultBranch, GitLabSettings settings)
    {
        if (IsCandidate(source, reference)) return "a pipeline of a merge request, of merged results or of a merge train is about a candidate, not about the line";
        if (isTag) return "a tag's pipeline is not about a line";
        if (source is not null && !settings.PipelineSources.Contains(source)) return $"a pipeline started by {SourceText.Quote(source)} is not about the line (GitLab:PipelineSources)";
        return settings.Host.IsLine(reference, defaultBranch) ? null : $"a pipeline of {SourceText.Quote(reference)}, which is not a line, says nothing of a gate (GitLab:TargetBranches)";
    }

    public static void Add(PipelineSeen seen, GitLabSettings settings, Harvest harvest)
    {
        if (ReasonToIgnore(seen.Source, seen.Reference, seen.IsTag, seen.DefaultBranch, settings) is { } nothing)
        {
            harvest.Nothing = nothing;
            return;
        }
        (GateStatus status, Reason reason, bool isEnd) = seen.Status switch
        {
            "success" => (GateStatus.Passed, Reason.None, true),
            "failed" => (GateStatus.Failed, Reason.None, true),
            "canceled" => (GateStatus.Waiting, Reason.Cancelled, true),
            "skipped" => (GateStatus.Waiting, Reason.Skipped, true),
            "manual" => (GateStatus.Waiting, Reason.AwaitingApproval, false),
            "created" or "waiting_for_resource" or "preparing" or "waiting_for_callback" or "pending" or "running" or "canceling" or "scheduled" => (GateStatus.Running, Reason.None, false),
            _ => (GateStatus.Waiting, Reason.Unrecognized, false),
        };
        var subject = KeyText.Build(seen.Url is { } url && url.StartsWith("http", StringComparison.Ordinal) ? url : $"{settings.Host.WebAddress}{seen.Repository.ToLowerInvariant()}/-/pipelines/{seen.Id}");
        if (reason == Reason.Unrecognized) harvest.Diagnostics.Add($"{subject}: the status {SourceText.Quote(seen.Status)} is not known to this version and counts as no evidence");
        var at = isEnd ? seen.FinishedAt ?? seen.MovedAt : seen.MovedAt;
        harvest.Facts.Add(new Fact
        {
            Subject = subject,
            Kind = Gates.MainCi,
            Writer = settings.Host.Ci,
            // Running a job again keeps the id and takes the status back, so the time of the last move comes before how final it is.
            Ordinal = new Ordinal(seen.Id, at.ToUnixTimeMilliseconds(), isEnd ? 1 : 0),
            Status = status,
            Reason = reason,
            OccurredAt = at,
            Name = Series,
            Revision = seen.Commit,
            Detail = $"pipeline {seen.Id}: {(seen.Status == "success" && seen.HasWarnings ? "success with warnings (a job failed that may fail)" : seen.Status)}",
            Evidence = Evidence.From(seen.Url, $"pipeline {seen.Id}"),
            Links = [Key.Commit(seen.Repository, seen.Commit)],
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add(FactAttributes.Repository, seen.Repository.ToLowerInvariant())
                .Add(FactAttributes.Branch, seen.Reference),
        });
    }
}
