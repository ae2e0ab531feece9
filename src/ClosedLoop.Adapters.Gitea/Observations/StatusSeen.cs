namespace ClosedLoop.Adapters.Gitea.Observations;

/// <summary>A commit status as either path read it.</summary>
/// <param name="Id">Every report is a new status with a higher id.</param>
/// <param name="Context">Its name.</param>
/// <param name="State">In lower case.</param>
/// <param name="At">When it was made.</param>
/// <param name="Url">Where to look.</param>
internal sealed record StatusSeen(long Id, string Context, string State, DateTimeOffset At, string? Url)
{
    private const string Proposal = "(pull_request";

    /// <summary>Whether it is an end.</summary>
    public bool IsEnd => State != "pending";

    /// <summary>Whether it is about a pull request, as Gitea's own actions say in the context's last word: the same commit can be on the line later.</summary>
    public bool IsOfProposal => Context.EndsWith(')') && Context.LastIndexOf('(') is >= 0 and var start && Context.AsSpan(start).StartsWith(Proposal, StringComparison.Ordinal);
}
