namespace ClosedLoop.AspNetCore.Api;

/// <summary>
/// One gate on the board. <c>Waiting</c>: items that wait on it. <c>At</c>: items that hold it and all gates before it, and not the
/// next. <c>Passed</c>: items that hold it and all gates before it. <c>Overdue</c>: of those waiting, items with a limit that ran out.
/// <c>OldestSince</c>: since when the one of those waiting that waits longest has waited; null when there is none or it is not known.
/// Abandoned items are in none of them.
/// </summary>
internal sealed record BoardGateBody(string Gate, string? Description, int Waiting, int At, int Passed, int Overdue, DateTimeOffset? OldestSince);
