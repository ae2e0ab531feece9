using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Storage.InMemory;

/// <summary>The stored items. Guarded by the store's lock.</summary>
internal sealed class ItemTable
{
    private static readonly Comparer<(long Ticks, string Id)> NewestFirst = Comparer<(long Ticks, string Id)>.Create(static (x, y) => y.Ticks.CompareTo(x.Ticks) is not 0 and var order ? order : string.CompareOrdinal(x.Id, y.Id));

    private readonly Dictionary<string, ItemRecord> _items = new(StringComparer.Ordinal);

    // Parsed once.
    private readonly Dictionary<string, Key?> _subjects = new(StringComparer.Ordinal);

    // In the order of pages; what is done lies apart, so that its number costs nothing to who asks for the rest.
    private readonly SortedSet<(long Ticks, string Id)> _open = new(NewestFirst);
    private readonly SortedSet<(long Ticks, string Id)> _done = new(NewestFirst);

    public void Put(ItemRecord item)
    {
        if (_items.TryGetValue(item.State.Id, out var before)) PartOf(before).Remove(Place(before));
        _items[item.State.Id] = item;
        PartOf(item).Add(Place(item));
    }

    public void Remove(string id)
    {
        _subjects.Remove(id);
        if (_items.Remove(id, out var item)) PartOf(item).Remove(Place(item));
    }

    /// <summary>The subject of an item's due rows; null when its id is no key's value.</summary>
    public Key? SubjectOf(string id)
    {
        if (_subjects.TryGetValue(id, out var known)) return known;
        return _subjects[id] = Key.TryParse($"{KeySchemes.Item}:{id}", out var key) ? key : null;
    }

    public ItemRecord? Find(string id) => _items.GetValueOrDefault(id);

    public ItemPage Query(ItemQuery query, Func<ItemRecord, ItemRecord> complete)
    {
        var after = ItemCursor.Read(query);
        int limit = Math.Clamp(query.Limit, 1, 500);
        List<ItemRecord> found = query.Order == ItemOrder.LongestWaiting ? Waiting(query, after, limit + 1) : Newest(query, after, limit + 1);
        string? next = found.Count > limit ? ItemCursor.Write(query.Order, found[limit - 1]) : null;
        return new ItemPage(found.Take(limit).Select(complete).ToList(), next);
    }

    private List<ItemRecord> Newest(ItemQuery query, ItemCursor? after, int limit)
    {
        // Beyond what one part gives for a page the other part cannot matter.
        IEnumerable<ItemRecord> Found(SortedSet<(long Ticks, string Id)> part) => After(part, after).Select(p => _items[p.Id]).Where(i => Matches(i, query)).Take(limit);
        bool? done = query.IsOpen == true ? query.IsDone == true ? null : false : query.IsDone;
        return done is { } known ? [.. Found(known ? _done : _open)] : [.. Found(_open).Concat(Found(_done)).OrderBy(Place, NewestFirst).Take(limit)];
    }

    private List<ItemRecord> Waiting(ItemQuery query, ItemCursor? after, int limit) =>
        [.. Open().Where(i => Matches(i, query)).Select(static i => (Ticks: ItemCursor.WaitingTicks(i.State), Item: i))
            .Where(w => after is not { } last || w.Ticks > last.Ticks || (w.Ticks == last.Ticks && string.CompareOrdinal(w.Item.State.Id, last.Id) > 0))
            .OrderBy(static w => w.Ticks).ThenBy(static w => w.Item.State.Id, StringComparer.Ordinal).Take(limit).Select(static w => w.Item)];

    private IEnumerable<ItemRecord> Open() => _open.Select(p => _items[p.Id]).Where(static i => !i.State.Abandoned);

    private SortedSet<(long Ticks, string Id)> PartOf(ItemRecord item) => item.State.IsDone ? _done : _open;

    private static (long Ticks, string Id) Place(ItemRecord item) => (item.UpdatedAt.UtcTicks, item.State.Id);

    private static IEnumerable<(long Ticks, string Id)> After(SortedSet<(long Ticks, string Id)> part, ItemCursor? after)
    {
        if (part.Count == 0) return [];
        if (after is not { } cursor) return part;
        var last = (cursor.Ticks, cursor.Id);
        return NewestFirst.Compare(last, part.Max) >= 0 ? [] : part.GetViewBetween(last, part.Max).SkipWhile(p => NewestFirst.Compare(p, last) == 0);
    }

    public List<BoardRow> Count(DateTimeOffset now) => Rows(_items.Values, now);

    public List<BoardRow> CountOpen(BoardQuery query, DateTimeOffset now)
    {
        var items = new ItemQuery { Pipeline = query.Pipeline, Repository = query.Repository, Agent = query.Agent, Priority = query.Priority };
        return Rows(Open().Where(i => Matches(i, items)), now);
    }

    public BoardFacets Facets() => new(Names(static s => s.Repository), Names(static s => s.Provenance?.Agent), Names(static s => s.Priority));

    private List<FacetCount> Names(Func<ItemState, string?> name) =>
        [.. Open().GroupBy(i => name(i.State), StringComparer.Ordinal).Where(static g => g.Key is not null).Select(static g => new FacetCount(g.Key!, g.Count()))
            .OrderByDescending(static f => f.Items).ThenBy(static f => f.Name, StringComparer.Ordinal).Take(BoardFacets.MaxNames)];

    private static List<BoardRow> Rows(IEnumerable<ItemRecord> items, DateTimeOffset now) => items
        .GroupBy(static i => (i.State.Pipeline, i.State.CurrentGate, i.State.FurthestGate, i.State.WaitingOn, i.State.IsDone, i.State.Abandoned, i.State.Migration))
        .Select(g => new BoardRow
        {
            Pipeline = g.Key.Pipeline,
            CurrentGate = g.Key.CurrentGate,
            FurthestGate = g.Key.FurthestGate,
            WaitingOn = g.Key.WaitingOn,
            IsDone = g.Key.IsDone,
            IsAbandoned = g.Key.Abandoned,
            Migration = g.Key.Migration,
            Items = g.Count(),
            Overdue = g.Count(i => i.State.NextDeadline() < now),
            OldestSince = g.Min(static i => i.State.WaitingSince()?.ToUniversalTime()),
        })
        .OrderBy(static r => r.Pipeline, StringComparer.Ordinal)
        .ThenBy(static r => r.CurrentGate, StringComparer.Ordinal)
        .ThenBy(static r => r.FurthestGate, StringComparer.Ordinal)
        .ThenBy(static r => r.WaitingOn, StringComparer.Ordinal)
        .ThenBy(static r => r.IsDone)
        .ThenBy(static r => r.IsAbandoned)
        .ThenBy(static r => r.Migration, StringComparer.Ordinal)
        .ToList();

    private static bool Matches(ItemRecord item, ItemQuery query)
    {
        var state = item.State;
        if (query.Pipeline is not null && state.Pipeline != query.Pipeline) return false;
        if (query.WaitingOn is not null && state.WaitingOn != query.WaitingOn) return false;
        if (query.CurrentGate is not null && (state.CurrentGate ?? "") != query.CurrentGate) return false;
        if (query.Repository is not null && state.Repository != query.Repository) return false;
        if (query.Agent is not null && state.Provenance?.Agent != query.Agent) return false;
        if (query.Priority is not null && state.Priority != query.Priority) return false;
        if (query.IsDone is { } done && state.IsDone != done) return false;
        if (query.IsOpen is { } open && (state.IsDone || state.Abandoned) == open) return false;
        if (query.OverdueAt is { } instant && !(state.NextDeadline() < instant)) return false;
        return string.IsNullOrEmpty(query.Text) || Contains(state.Id, query.Text) || Contains(state.Title, query.Text) || Contains(state.Repository, query.Text);
    }

    // Only ASCII letters match without regard to case: that is what every store can do alike.
    private static bool Contains(string? text, string part) => text is not null && Lower(text).Contains(Lower(part), StringComparison.Ordinal);

    private static string Lower(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
        });
}
