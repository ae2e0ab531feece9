namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>
/// The last list of one repository's pull requests. "Not modified" means that this list still holds, and not that its changes have
/// reached the record: what was read then may never have been stored. So the list is kept, and looked at again.
/// </summary>
/// <param name="ETag">What GitHub called it.</param>
/// <param name="CoveredSince">It names every pull request updated since then.</param>
/// <param name="Updated">Number and update time.</param>
internal sealed record SweepMemory(string ETag, DateTimeOffset CoveredSince, IReadOnlyList<(long Number, DateTimeOffset UpdatedAt)> Updated);
