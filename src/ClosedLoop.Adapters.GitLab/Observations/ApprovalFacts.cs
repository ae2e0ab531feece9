using System.Collections.Immutable;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>
/// The one fact of a merge request's approvals together. Not one for each person: GitLab's own rules say how many of whom are needed, and the
/// API lists who approves now and not who no longer does, so that only the whole can be taken back when a webhook is lost.
/// </summary>
internal static class ApprovalFacts
{
    public const string RequestedChanges = "requested_changes";

    public static void Add(string repository, long number, ApprovalVerdict verdict, string? head, DateTimeOffset updatedAt, DateTimeOffset at, string? url, GitLabSettings settings, Harvest harvest)
    {
        (GateStatus status, Reason reason, string? detail) = verdict switch
        {
            ApprovalVerdict.Approved => (GateStatus.Passed, Reason.None, "approved as GitLab's rules ask"),
            ApprovalVerdict.Incomplete => (GateStatus.Running, Reason.Partial, "approved, and GitLab's rules ask for more approvals"),
            ApprovalVerdict.ChangesRequested => (GateStatus.Failed, Reason.None, "a reviewer requested changes"),
            ApprovalVerdict.ByAuthorOnly => (GateStatus.Waiting, Reason.Inconclusive, "approved by its own author, which does not count (GitLab:CountAuthorApprovals)"),
            ApprovalVerdict.Withdrawn => (GateStatus.Waiting, Reason.Inconclusive, "an approval or a request for changes was taken back"),
            _ => (GateStatus.Waiting, Reason.None, (string?)null),
        };
        harvest.Facts.Add(new Fact
        {
            Subject = Key.PullRequest(repository, number),
            Kind = Gates.Reviewed,
            Writer = settings.Host.SourceControl,
            Ordinal = Ordinal.At(updatedAt),
            Status = status,
            Reason = reason,
            OccurredAt = at,
            Revision = head,
            Detail = detail,
            Evidence = Evidence.From(url, $"!{number}"),
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, repository.ToLowerInvariant()),
        });
    }
}
