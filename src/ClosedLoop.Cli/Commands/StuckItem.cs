using ClosedLoop.AspNetCore.Api;

namespace ClosedLoop.Cli.Commands;

/// <summary>An item that is stuck.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Cause">Why it counts as stuck: <c>overdue</c>, <c>failed</c>, or the reason of its gate.</param>
/// <param name="Gate">The gate that it waits for.</param>
/// <param name="Since">Since when.</param>
/// <param name="Why">The sentence.</param>
internal sealed record StuckItem(string Id, string? Title, string Cause, string? Gate, DateTimeOffset? Since, string Why)
{
    private static readonly string[] Reasons = ["regressed", "lost", "vetoed", "blind", "misconfigured", "awaitingApproval", "unrecognized"];

    /// <summary>The item as a stuck one, or null when it only takes its time.</summary>
    public static StuckItem? Of(ItemBody item)
    {
        if (item.Done || item.Abandoned) return null;
        var gate = item.Gates.FirstOrDefault(g => g.Name == item.WaitingOn);
        string? cause = gate is not null && Reasons.Contains(gate.Reason, StringComparer.Ordinal) ? gate.Reason
            : item.Overdue ? "overdue"
            : gate?.Status == "failed" ? "failed"
            : null;
        return cause is null ? null : new StuckItem(item.Id, item.Title, cause, item.WaitingOn, gate?.Since ?? item.OpenedAt, item.Why);
    }
}
