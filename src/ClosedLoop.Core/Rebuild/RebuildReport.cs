namespace ClosedLoop.Rebuild;

/// <summary>What a rebuild went through and what it changed.</summary>
/// <param name="Facts">Registers that were read.</param>
/// <param name="Items">Items that were folded.</param>
/// <param name="ChangedItems">Items whose state came out differently; 0 when the record was sound and the rules are the same.</param>
public sealed record RebuildReport(int Facts, int Items, int ChangedItems);
