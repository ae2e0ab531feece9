namespace ClosedLoop.Lines.Git;

/// <summary>
/// Cuts differences into commands for <c>git diff-tree --stdin</c>. It answers with the commit's id alone, so two differences of one
/// commit go into two commands.
/// </summary>
internal static class DiffRounds
{
    public static IEnumerable<DiffKey[]> Of(IEnumerable<DiffKey> diffs, int size)
    {
        var rest = diffs.Distinct().ToList();
        while (rest.Count > 0)
        {
            var round = rest.DistinctBy(static d => d.Commit).ToHashSet();
            rest.RemoveAll(round.Contains);
            foreach (var chunk in round.Chunk(size)) yield return chunk;
        }
    }
}
