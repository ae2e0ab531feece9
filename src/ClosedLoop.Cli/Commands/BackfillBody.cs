namespace ClosedLoop.Cli.Commands;

/// <summary>What a backfill brought.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Branch">The branch that was read.</param>
/// <param name="Landings">Landings that were found.</param>
/// <param name="Items">Items that they belong to.</param>
/// <param name="NewFacts">Facts that the record did not have.</param>
internal sealed record BackfillBody(string Repository, string? Branch, int Landings, int Items, int NewFacts);
