using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Observations;

/// <summary>
/// The fact of where a pull request stands in a merge queue: something that the merged gate waits for. It passes and fails nothing; whether the
/// pull request is merged is only in the pull request itself.
/// </summary>
internal static class QueueFacts
{
    /// <summary>The scheme of its subject: one for each pull request.</summary>
    public const string Scheme = "merge-queue";

    private const int Entered = 0, Left = 1;

    /// <summary>Adds it.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="number">The pull request's number.</param>
    /// <param name="at">When it entered or left.</param>
    /// <param name="hasLeft">Whether it left.</param>
    /// <param name="reason">Why it left, in any case; null when it was not told.</param>
    /// <param name="url">The pull request's page.</param>
    /// <param name="harvest">Takes it.</param>
    public static void Add(string repository, long number, DateTimeOffset at, bool hasLeft, string? reason, string? url, Harvest harvest)
    {
        var change = Key.PullRequest(repository, number);
        var (why, detail) = hasLeft ? Of(reason?.ToUpperInvariant()) : (Reason.None, "in the merge queue");
        if (why == Reason.Unrecognized)
        {
            string word = SourceText.Quote(reason!);
            detail = $"dropped by the merge queue: {word}";
            harvest.Diagnostics.Add($"{change}: the merge queue's reason {word} is not known to this version and counts as no evidence");
        }
        harvest.Facts.Add(new Fact
        {
            Subject = Key.Create(Scheme, change.Value),
            Kind = Gates.Merged,
            Writer = GitHubWriters.SourceControl,
            Ordinal = Ordinal.At(at, hasLeft ? Left : Entered),
            Status = GateStatus.Waiting,
            Reason = why,
            OccurredAt = at,
            Name = Scheme,
            Detail = detail,
            Evidence = Evidence.From(url, $"#{number}"),
            Links = [change],
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, repository.ToLowerInvariant()),
        });
    }

    private static (Reason Reason, string Detail) Of(string? reason) => reason switch
    {
        null or "UNKNOWN_REMOVAL_REASON" => (Reason.Inconclusive, "dropped by the merge queue, which does not say why"),
        "MERGE" or "MERGED" or "ALREADY_MERGED" => (Reason.None, "left the merge queue merged"),
        "MANUAL" => (Reason.Cancelled, "taken out of the merge queue by hand"),
        "QUEUE_CLEARED" => (Reason.Cancelled, "dropped by the merge queue: the queue was cleared"),
        "ROLL_BACK" => (Reason.Cancelled, "dropped by the merge queue: it was rolled back"),
        "MERGE_CONFLICT" => (Reason.Inconclusive, "dropped by the merge queue: it conflicts with what is before it"),
        "CI_FAILURE" => (Reason.Inconclusive, "dropped by the merge queue: a required check failed"),
        "CI_TIMEOUT" => (Reason.Inconclusive, "dropped by the merge queue: the required checks took too long"),
        "BRANCH_PROTECTIONS" => (Reason.Inconclusive, "dropped by the merge queue: the branch's rules are not met"),
        "GIT_TREE_INVALID" => (Reason.Inconclusive, "dropped by the merge queue: its merge cannot be made"),
        "INVALID_MERGE_COMMIT" => (Reason.Inconclusive, "dropped by the merge queue: its merge commit is not valid"),
        _ => (Reason.Unrecognized, ""),
    };
}
