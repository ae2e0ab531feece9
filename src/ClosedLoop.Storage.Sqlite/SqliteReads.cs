using System.Globalization;
using ClosedLoop.Facts;
using Microsoft.Data.Sqlite;
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
        var keys = Neighbourhood(session, Texts(request.Subjects), Texts(request.Targets));
        var facts = new List<Fact>();
        if (keys.Count > 0)
            using (var rows = session.Query(SqliteStatements.ReadFacts, Array(keys)))
                while (rows.Read())
                    facts.Add(StoredJson.ReadFact(rows.GetString(0)));
        var known = new HashSet<DeliveryId>();
        foreach (var delivery in request.Deliveries)
            if (session.Number(SqliteStatements.KnowsDelivery, delivery.Source, delivery.Id) > 0)
                known.Add(delivery);
        return new Neighbourhood
        {
            Facts = facts,
            Items = Find(session, keys.Where(static k => k.StartsWith(Item, StringComparison.Ordinal)).Select(static k => k[Item.Length..])),
            KnownDeliveries = known,
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
            while (rows.Read()) found.Add(new IndexEntry(rows.GetString(0), rows.GetString(1)));
        }
        if (together.Count == 0) return answers;
        using var several = session.Query(SqliteStatements.ScanIndexRanges, Pairs(together.Select(i => (ranges[i].From, ranges[i].To))));
        while (several.Read()) answers[together[several.GetInt32(0)]].Add(new IndexEntry(several.GetString(1), several.GetString(2)));
        return answers;
    }

    public static List<ItemRecord> Find(Session session, IEnumerable<string> ids)
    {
        var found = new List<ItemRecord>();
        string wanted = Array(ids.Distinct(StringComparer.Ordinal));
        using var rows = session.Query(SqliteStatements.FindItems, wanted);
        while (rows.Read()) found.Add(ReadItem(rows));
        return found;
    }

    public static List<DueRow> Due(Session session, IEnumerable<Key> subjects)
    {
        var found = new List<DueRow>();
        using var rows = session.Query(SqliteStatements.ReadDue, Array(subjects.Distinct().Select(static s => s.ToString())));
        while (rows.Read()) found.Add(new DueRow(Key.Parse(rows.GetString(0)), rows.GetString(1), rows.Instant(2)));
        return found;
    }

    public static ItemPage List(Session session, ItemQuery query)
    {
        int limit = Math.Clamp(query.Limit, 1, 500);
        var items = new List<ItemRecord>();
        var (sql, values) = SqliteStatements.ListItems(query, limit + 1, query.Cursor is null ? null : ReadCursor(query.Cursor));
        using var rows = session.Query(sql, values);
        while (items.Count < limit && rows.Read()) items.Add(ReadItem(rows));
        string? next = items.Count == limit && rows.Read()
            ? string.Create(CultureInfo.InvariantCulture, $"{items[^1].UpdatedAt.UtcTicks}.{items[^1].State.Id}")
            : null;
        return new ItemPage(items, next);
    }

    public static List<BoardRow> Board(Session session, DateTimeOffset now)
    {
        var board = new List<BoardRow>();
        using var rows = session.Query(SqliteStatements.Board, Ticks(now));
        while (rows.Read())
            board.Add(new BoardRow
            {
                Pipeline = rows.GetString(0),
                CurrentGate = rows.Text(1),
                FurthestGate = rows.Text(2),
                WaitingOn = rows.Text(3),
                IsDone = rows.GetInt64(4) != 0,
                IsAbandoned = rows.GetInt64(5) != 0,
                Migration = rows.Text(6),
                Items = rows.GetInt32(7),
                Overdue = rows.GetInt32(8),
            });
        return board;
    }

    public static List<Transition> Transitions(Session session, TransitionQuery query)
    {
        var log = new List<Transition>();
        object limit = (long)Math.Clamp(query.Limit, 1, 1000);
        using var rows = query.ItemId is null
            ? session.Query(SqliteStatements.ReadTransitions, query.After, limit)
            : session.Query(SqliteStatements.ReadTransitionsOfItem, query.After, limit, query.ItemId);
        while (rows.Read()) log.Add(StoredJson.ReadTransition(rows.GetString(1)) with { Sequence = rows.GetInt64(0) });
        return log;
    }

    public static List<QuarantineEntry> Quarantine(Session session, int limit)
    {
        var entries = new List<QuarantineEntry>();
        using var rows = session.Query(SqliteStatements.ReadQuarantine, (long)Math.Clamp(limit, 1, 1000));
        while (rows.Read())
            entries.Add(new QuarantineEntry
            {
                Id = rows.GetString(0),
                Source = rows.GetString(1),
                Kind = (QuarantineKind)rows.GetInt32(2),
                Detail = rows.GetString(3),
                ReceivedAt = rows.Instant(4),
                Body = rows.GetFieldValue<byte[]>(5),
            });
        return entries;
    }

    public static PipelineHistory Register(Session session, IReadOnlyList<PipelineVersion> pipelines, DateTimeOffset now)
    {
        var changed = new List<string>();
        foreach (var pipeline in pipelines)
        {
            object? signature = session.Scalar(SqliteStatements.ReadSignature, pipeline.Name);
            if (signature is not null && (string)signature != pipeline.Signature) changed.Add(pipeline.Name);
            session.Execute(SqliteStatements.AddPipeline, pipeline.Name, pipeline.Signature);
            foreach (string gate in pipeline.Gates)
                session.Execute(SqliteStatements.AddGate, pipeline.Name, gate, signature is null ? null : Ticks(now));
        }
        var introduced = new Dictionary<(string Pipeline, string Gate), DateTimeOffset>();
        using var rows = session.Query(SqliteStatements.ReadIntroductions);
        while (rows.Read()) introduced[(rows.GetString(0), rows.GetString(1))] = rows.Instant(2);
        return new PipelineHistory { IntroducedAt = introduced, Changed = changed };
    }

    // Everything above the subjects and targets, and everything below the subjects and the items and pull requests among that.
    private static HashSet<string> Neighbourhood(Session session, List<string> subjects, List<string> targets)
    {
        var above = Close(session, SqliteStatements.Parents, subjects.Concat(targets));
        var roots = above.Where(static k => k.StartsWith(Item, StringComparison.Ordinal) || k.StartsWith(PullRequest, StringComparison.Ordinal));
        above.UnionWith(Close(session, SqliteStatements.Children, subjects.Concat(roots)));
        return above;
    }

    private static List<string> Texts(IEnumerable<Key> keys) => [.. keys.Where(static k => !k.IsEmpty).Select(static k => k.ToString())];

    private static HashSet<string> Close(Session session, string next, IEnumerable<string> start)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var level = new List<string>();
        foreach (string key in start) Add(key);
        while (level.Count > 0)
        {
            var last = level;
            level = [];
            using (var rows = session.Query(next, Array(last)))
                while (rows.Read())
                    Add(rows.GetString(0));
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

    private static ItemRecord ReadItem(SqliteDataReader row) => new()
    {
        State = StoredJson.ReadState(row.GetString(0)),
        Version = row.GetInt64(1),
        UpdatedAt = row.Instant(2),
        NextProbeAt = row.IsDBNull(3) ? null : row.Instant(3),
    };

    private static (long Ticks, string Id) ReadCursor(string cursor)
    {
        int dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)
            ? (ticks, cursor[(dot + 1)..])
            : throw new ArgumentException($"'{cursor}' is no cursor of a page of items: pass the NextCursor of the page before, or null for the first page.", nameof(cursor));
    }
}
