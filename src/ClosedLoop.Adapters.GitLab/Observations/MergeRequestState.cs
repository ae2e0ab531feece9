using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>GitLab's states of a merge request.</summary>
internal static class MergeRequestState
{
    // The last instant that any clock can show: nothing follows a merge.
    private static readonly long Final = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static ChangeState Of(string state) => state switch
    {
        // Locked: being merged right now.
        "opened" or "locked" => ChangeState.Open,
        "closed" => ChangeState.Closed,
        "merged" => ChangeState.Merged,
        _ => ChangeState.Unknown,
    };

    /// <summary>
    /// The order of what is said of a merge. Later events of a merged merge request carry a later update and no time of the merge, so it is not
    /// ordered by the update: what knows the time of the merge comes last.
    /// </summary>
    public static Ordinal MergedOrdinal(bool knowsTime) => new(Final, 0, knowsTime ? 1 : 0);
}
