using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Reconciliation;

/// <summary>Looks that one probe answers: those of one repository together, and small repositories with others. Pure.</summary>
internal sealed class LookGroup
{
    public static readonly LookGroup Empty = new();

    public List<(DueClaim Claim, ItemRecord? Record)> Looks { get; } = [];

    public List<Key> Keys { get; } = [];

    /// <param name="claims">The looks that are due.</param>
    /// <param name="records">The items, as far as they are known.</param>
    /// <param name="subjectsOf">What an item has at the source.</param>
    /// <param name="mostKeys">The most keys in one group, unless one item alone has more.</param>
    public static List<LookGroup> Of(IReadOnlyList<DueClaim> claims, IReadOnlyDictionary<Key, ItemRecord> records, Func<Key, IReadOnlyCollection<Key>> subjectsOf, int mostKeys)
    {
        var groups = new List<LookGroup>();
        var seen = new HashSet<Key>();
        foreach (var (claim, record) in claims.Select(c => (Claim: c, Record: records.GetValueOrDefault(c.Subject)))
            .OrderBy(static l => RepositoryOf(l.Record), StringComparer.Ordinal).ThenBy(static l => l.Claim.Subject))
        {
            // What an earlier look of this round reads is read for this one too.
            Key[] keys = [.. subjectsOf(claim.Subject).Where(seen.Add)];
            if (groups.Count == 0 || (groups[^1].Keys.Count > 0 && groups[^1].Keys.Count + keys.Length > mostKeys)) groups.Add(new LookGroup());
            groups[^1].Looks.Add((claim, record));
            groups[^1].Keys.AddRange(keys);
        }
        return groups;
    }

    public static string? RepositoryOf(ItemRecord? record) => record is null ? null : record.State.Repository ?? record.State.Id;
}
