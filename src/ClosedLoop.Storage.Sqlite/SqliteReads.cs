using ClosedLoop.Facts;
using static ClosedLoop.Storage.Sqlite.SqliteValues;

namespace ClosedLoop.Storage.Sqlite;

/// <summary>The reads of the store; one that takes several statements runs in a transaction and so sees one state.</summary>
internal static class SqliteReads
{
    private const string Item = $"{KeySchemes.Item}:";
    private const string PullRequest = $"{KeySchemes.PullRequest}:";

    public static Neighbourhood Load(Session session, LoadRequest request)
    {
        object token = session.Number(SqliteStatements.ReadMeta, "changes");
        var (keys, facts) = Neighbourhood(session, Texts(request.Subjects), Texts(request.Targets));
        var known = new HashSet<DeliveryId>();
        foreach (var delivery in request.Deliveries)
            if (session.Any(SqliteStatements.KnowsDelivery, SqlValue.Blob(OrderedKey.Of(delivery))))
                known.Add(delivery);
        return new Neighbourhood
        {
            Facts = facts,
            Items = Find(session, keys.Where(static k => k.StartsWith(Item, StringComparison.Ordinal)).Select(static k => k[Item.Length..])),
            KnownDeliveries = known,
            Index = Scan(session, request.Index),
            Token = token,
        };
    }

    public static IReadOnlyList<IReadOnlyList<IndexEntry>> Scan(Session session, IReadOnlyList<IndexRange> ranges)
    {
        var answers = new List<IndexEntry>[ranges.Count];
        var together = new List<int>();
        for (int i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            var found = answers[i] = [];
            if (ranges.Count > 1 && range is { Limit: 0, Descending: false })
            {
                together.Add(i);
                continue;
            }
            using var rows = session.Query(range.Descending ? SqliteStatements.ScanIndexDescending : SqliteStatements.ScanIndex, range.From, range.To, range.Limit > 0 ? (long)range.Limit : -1L);
            while (rows.Read()) found.Add(new IndexEntry(rows.Text(0), rows.Text(1)));
        }
        if (together.Count == 0) return answers;
        using var several = session.Query(SqliteStatements.ScanIndexRanges, Pairs(together.Select(i => (ranges[i].From, ranges[i].To))));
        while (several.Read()) answers[together[(int)several.Number(0)]].Add(new IndexEntry(several.Text(1), several.Text(2)));
        return answers;
    }

    public static List<Fact> Subjects(Session session, IEnumerable<Key> subjects)
    {
        var facts = new List<Fact>();
        ReadFacts(session, [.. Texts(subjects).Distinct(StringComparer.Ordinal)], facts);
        return facts;
    }

    public static List<Fact> Facts(Session session, RegisterId? after, int limit)
    {
        var facts = new List<Fact>();
        using var rows = after is { } last
            ? session.Query(SqliteStatements.ReadFactsAfter, (long)limit, last.Subject.ToString(), last.Kind, last.Writer.ToString())
            : session.Query(SqliteStatements.ReadFirstFacts, (long)limit);
        while (rows.Read()) facts.Add(StoredJson.ReadFact(rows.Bytes(0)));
        return facts;
    }

    public static List<ItemRecord> Find(Session session, IEnumerable<string> ids)
    {
        var found = new List<ItemRecord>();
        var wanted = Array(ids.Distinct(StringComparer.Ordinal));
        using var rows = session.Query(SqliteStatements.FindItems, wanted);
        while (rows.Read()) found.Add(ReadItem(rows));
        return found;
    }

    public static List<DueRow> Due(Session session, IEnumerable<Key> subjects)
    {
        var found = new List<DueRow>();
        using var rows = session.Query(SqliteStatements.ReadDue, Array(subjects.Distinct().Select(static s => s.ToString())));
        while (rows.Read()) found.Add(new DueRow(Key.Parse(rows.Text(0)), rows.Text(1), rows.Instant(2)));
        return found;
    }

    public static ItemPage List(Session session, ItemQuery query)
    {
        int limit = Math.Clamp(query.Limit, 1, 500);
        var after = ItemCursor.Read(query);
        var (sql, values) = SqliteItemList.Select(query, limit + 1, after, SqliteItemList.IsOpenText(query) ? FewWithText(session, query.Text!) : null, SqliteItemList.AsksForOverdue(query) && ManyOverdue(session, query.OverdueAt!.Value));
        var items = new List<ItemRecord>();
        using var rows = session.Query(sql, values);
        while (items.Count < limit && rows.Read()) items.Add(ReadItem(rows));
        return new ItemPage(items, items.Count == limit && rows.Read() ? ItemCursor.Write(query.Order, items[^1]) : null);
    }

    private static bool ManyOverdue(Session session, DateTimeOffset instant) => session.Number(SqliteStatements.CountOverdue, Ticks(instant), SqliteItemList.Few + 1L) > SqliteItemList.Few;

    // Null when there are many: the search ends as soon as that is known.
    private static List<string>? FewWithText(Session session, string text)
    {
        var ids = new List<string>();
        using var rows = session.Query(SqliteStatements.FindText, LowerAscii(text), SqliteItemList.Few + 1L);
        while (rows.Read()) ids.Add(rows.Text(0));
        return ids.Count > SqliteItemList.Few ? null : ids;
    }

    public static List<Transition> Transitions(Session session, TransitionQuery query)
    {
        var log = new List<Transition>();
        long limit = (long)Math.Clamp(query.Limit, 1, 1000);
        using var rows = query.ItemId is null
            ? session.Query(query.NewestFirst ? SqliteStatements.ReadLastTransitions : SqliteStatements.ReadTransitions, query.After, limit, query.Before ?? long.MaxValue)
            : session.Query(query.NewestFirst ? SqliteStatements.ReadLastTransitionsOfItem : SqliteStatements.ReadTransitionsOfItem, query.After, limit, query.Before ?? long.MaxValue, query.ItemId);
        while (rows.Read()) log.Add(StoredJson.ReadTransition(rows.Bytes(1)) with { Sequence = rows.Number(0) });
        return log;
    }

    public static List<QuarantineEntry> Quarantine(Session session, int limit)
    {
        var entries = new List<QuarantineEntry>();
        using var rows = session.Query(SqliteStatements.ReadQuarantine, (long)Math.Clamp(limit, 1, 1000));
        while (rows.Read())
            entries.Add(new QuarantineEntry
            {
                Id = rows.Text(0),
                Source = rows.Text(1),
                Kind = (QuarantineKind)(int)rows.Number(2),
                Detail = rows.Text(3),
                ReceivedAt = rows.Instant(4),
                Body = rows.Bytes(5).ToArray(),
            });
        return entries;
    }

    public static PipelineHistory Register(Session session, IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now)
    {
        var changed = new List<string>();
        foreach (var pipeline in pipelines)
        {
            string? signature = session.Text(SqliteStatements.ReadSignature, pipeline.Name);
            if (signature is not null && signature != pipeline.Signature) changed.Add(pipeline.Name);
            session.Execute(SqliteStatements.AddPipeline, pipeline.Name, pipeline.Signature);
            foreach (string gate in pipeline.Gates)
                session.Execute(SqliteStatements.AddGate, pipeline.Name, gate, signature is null ? (long?)null : Ticks(now));
        }
        return new PipelineHistory { IntroducedAt = Introductions(session), Changed = changed };
    }

    /// <summary>What <see cref="Register"/> would say, without remembering anything.</summary>
    public static PipelineHistory Compare(Session session, IReadOnlyList<PipelineVersion> pipelines) => new()
    {
        IntroducedAt = Introductions(session),
        Changed = [.. pipelines.Where(p => session.Text(SqliteStatements.ReadSignature, p.Name) is { } signature && signature != p.Signature).Select(static p => p.Name)],
    };

    private static Dictionary<(string Pipeline, string Gate), DateTimeOffset> Introductions(Session session)
    {
        var introduced = new Dictionary<(string Pipeline, string Gate), DateTimeOffset>();
        using var rows = session.Query(SqliteStatements.ReadIntroductions);
        while (rows.Read()) introduced[(rows.Text(0), rows.Text(1))] = rows.Instant(2);
        return introduced;
    }

    // Everything above the subjects and targets, and everything below the subjects and the items and pull requests among that.
    private static (HashSet<string> Keys, List<Fact> Facts) Neighbourhood(Session session, List<string> subjects, List<string> targets)
    {
        var facts = new List<Fact>();
        // The facts above say themselves what they link to.
        var keys = Close(subjects.Concat(targets), level =>
        {
            int read = facts.Count;
            ReadFacts(session, level, facts);
            return facts.Skip(read).SelectMany(static f => f.Links).Select(static l => l.ToString());
        });
        var roots = keys.Where(static k => k.StartsWith(Item, StringComparison.Ordinal) || k.StartsWith(PullRequest, StringComparison.Ordinal));
        var below = Close(subjects.Concat(roots), level => Children(session, level));
        below.ExceptWith(keys);
        ReadFacts(session, below, facts);
        keys.UnionWith(below);
        return (keys, facts);
    }

    private static List<string> Texts(IEnumerable<Key> keys) => [.. keys.Where(static k => !k.IsEmpty).Select(static k => k.ToString())];

    private static List<string> Children(Session session, IEnumerable<string> keys)
    {
        var children = new List<string>();
        using var rows = session.Query(SqliteStatements.Children, Array(keys));
        while (rows.Read()) children.Add(rows.Text(0));
        return children;
    }

    private static void ReadFacts(Session session, IReadOnlyCollection<string> subjects, List<Fact> facts)
    {
        if (subjects.Count == 0) return;
        using var rows = session.Query(SqliteStatements.ReadFacts, Array(subjects));
        while (rows.Read()) facts.Add(StoredJson.ReadFact(rows.Bytes(0)));
    }

    private static HashSet<string> Close(IEnumerable<string> start, Func<List<string>, IEnumerable<string>> next)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var level = new List<string>();
        foreach (string key in start) Add(key);
        while (level.Count > 0)
        {
            var last = level;
            level = [];
            foreach (string key in next(last)) Add(key);
        }
        return seen;

        void Add(string key)
        {
            if (!seen.Add(key)) return;
            level.Add(key);
            if (Twin(key) is { } twin) Add(twin);
        }
    }

    // A change and the item that stands for it are one thing under two names: whoever loads one needs the other.
    private static string? Twin(string key)
    {
        if (key.StartsWith(PullRequest, StringComparison.Ordinal)) return Key.TryParse(Item + key, out var item) ? item.ToString() : null;
        return key.StartsWith(Item + PullRequest, StringComparison.Ordinal) && Key.TryParse(key[Item.Length..], out var change) ? change.ToString() : null;
    }

    private static ItemRecord ReadItem(Rows row) => new()
    {
        State = StoredJson.ReadState(row.Bytes(0)),
        Version = row.Number(1),
        UpdatedAt = row.Instant(2),
        NextProbeAt = row.IsNull(3) ? null : row.Instant(3),
    };
}
