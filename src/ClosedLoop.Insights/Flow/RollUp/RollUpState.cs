using System.Text.Json;
using ClosedLoop.Insights.Statistics;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>The roll-up in memory, as read from its documents, with what changed since. Not safe for use by several threads.</summary>
internal sealed class RollUpState
{
    /// <summary>Durations and deployments are kept for this many weeks, the present one included.</summary>
    public const int KeptWeeks = 13;

    private readonly Dictionary<string, SortedDictionary<IsoWeek, long[]>> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<SeriesKey, Series> _series = [];
    private readonly Dictionary<string, (string Owner, int? Year, SeriesKey Key)> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Owner, string Series), DurationSummary> _summaries = [];

    public RollUpHead Head { get; private set; } = new();

    /// <summary>The version of the stored head; 0 when there is none.</summary>
    public long Version { get; private set; }

    public bool HasChanged => _changed.Count > 0;

    public IEnumerable<string> Pipelines => _counts.Keys.Union(Head.Pipelines.Keys, StringComparer.Ordinal);

    public IReadOnlyDictionary<IsoWeek, long[]> Counts(string pipeline) => _counts.GetValueOrDefault(pipeline) ?? [];

    public IEnumerable<KeyValuePair<SeriesKey, Series>> AllSeries => _series;

    /// <summary>What was made of all weeks of a series, for as long as none of them is read again.</summary>
    public DurationSummary Summary(string owner, string series, Func<DurationSummary> make)
    {
        if (!_summaries.TryGetValue((owner, series), out var summary)) _summaries[(owner, series)] = summary = make();
        return summary;
    }

    /// <summary>Takes a head and forgets the parts that are not in it.</summary>
    /// <returns>The parts that have to be read.</returns>
    public IReadOnlyList<string> Begin(StoredDocument? stored)
    {
        var head = stored is null ? null : JsonSerializer.Deserialize(stored.Body, RollUpJson.Default.RollUpHead);
        if (head is not { Format: RollUpHead.CurrentFormat }) head = new RollUpHead();
        var known = Head.Parts;
        foreach (string gone in _places.Keys.Where(n => !head.Parts.ContainsKey(n)).ToList()) Drop(gone);
        _changed.Clear();
        (Head, Version) = (head, stored?.Version ?? 0);
        return [.. head.Parts.Where(p => !_places.ContainsKey(p.Key) || known.GetValueOrDefault(p.Key) != p.Value).Select(static p => p.Key)];
    }

    /// <summary>Takes in a part as stored.</summary>
    public void Read(StoredDocument stored)
    {
        if (JsonSerializer.Deserialize(stored.Body, RollUpJson.Default.RollUpPart) is not { } part) return;
        if (part.Series is { } series)
        {
            var key = new SeriesKey(part.Owner, series, new IsoWeek(part.Year, part.Week ?? 1));
            if (!_series.TryGetValue(key, out var values)) _series[key] = values = new Series();
            values.Unpack(part.Values ?? "", part.Excluded);
            _summaries.Remove((key.Owner, key.Series));
            _places[stored.Name] = (part.Owner, null, key);
            return;
        }
        var weeks = CountsOf(part.Owner);
        foreach (var (week, counts) in part.Counts ?? [])
        {
            long[] row = new long[(int)CountKind.OpenSince + 1];
            counts.AsSpan(0, Math.Min(counts.Length, row.Length)).CopyTo(row);
            weeks[new IsoWeek(part.Year, week)] = row;
        }
        _places[stored.Name] = (part.Owner, part.Year, default);
    }

    public void Apply(Ledger ledger, IsoWeek oldest)
    {
        foreach (var (row, by) in ledger.Changes)
        {
            if (row.Series is null) Count(row.Pipeline, row.Week, row.Kind, by);
            else if (row.Week >= oldest || SeriesNames.IsStanding(row.Series)) Change(new SeriesKey(row.Pipeline, row.Series, row.Week), row, by);
        }
    }

    public void See(string environment, DeploymentEvent seen, IsoWeek oldest)
    {
        var key = new SeriesKey(environment, SeriesNames.Deployments, IsoWeek.Of(seen.At));
        if (key.Week < oldest) return;
        if (SeriesOf(key).AddOnce(seen.Packed)) _changed.Add(PartNames.Series(key));
    }

    public void Mark(string pipeline, Transition change, bool isMigrated)
    {
        var marks = Head.Pipelines.GetValueOrDefault(pipeline) ?? new PipelineMarks { Began = change.RecordedAt };
        if (change is { Kind: TransitionKind.Completed, DoneDefinition: { } definition } && !isMigrated) marks = marks.Completed(definition, change.RecordedAt);
        Head.Pipelines[pipeline] = marks;
    }

    /// <summary>Forgets durations and deployments of weeks before this one.</summary>
    public void Prune(IsoWeek oldest)
    {
        foreach (var (key, series) in _series)
            if (series.IsEmpty || (key.Week < oldest && !SeriesNames.IsStanding(key.Series))) _changed.Add(PartNames.Series(key));
        foreach (var key in _series.Where(s => s.Value.IsEmpty || (s.Key.Week < oldest && !SeriesNames.IsStanding(s.Key.Series))).Select(static s => s.Key).ToList()) _series.Remove(key);
    }

    /// <summary>What to store, and the state that it leads to. The state counts as stored when this was.</summary>
    public IReadOnlyList<DocumentChange> Changes(long through, DateTimeOffset at, bool isCatchingUp)
    {
        var changes = new List<DocumentChange>();
        foreach (string name in _changed)
        {
            long version = Head.Parts.GetValueOrDefault(name);
            string? body = Write(_places[name]);
            if (body is not null)
            {
                Head.Parts[name] = version + 1;
            }
            else
            {
                Head.Parts.Remove(name);
                _places.Remove(name);
                if (version == 0) continue;
            }
            changes.Add(new DocumentChange(name, body, version));
        }
        _changed.Clear();
        Head = Head with { Through = through, At = at, IsCatchingUp = isCatchingUp };
        changes.Add(new DocumentChange(PartNames.Head, JsonSerializer.Serialize(Head, RollUpJson.Default.RollUpHead), Version));
        Version++;
        return changes;
    }

    private string? Write((string Owner, int? Year, SeriesKey Key) place)
    {
        if (place.Year is { } year)
        {
            var counts = new SortedDictionary<int, long[]>(CountsOf(place.Owner).Where(w => w.Key.Year == year).ToDictionary(static w => w.Key.Number, static w => w.Value));
            return JsonSerializer.Serialize(new RollUpPart { Owner = place.Owner, Year = year, Counts = counts }, RollUpJson.Default.RollUpPart);
        }
        if (!_series.TryGetValue(place.Key, out var series)) return null;
        return JsonSerializer.Serialize(
            new RollUpPart { Owner = place.Key.Owner, Series = place.Key.Series, Year = place.Key.Week.Year, Week = place.Key.Week.Number, Values = series.Pack(), Excluded = series.Excluded.Count == 0 ? null : series.Excluded },
            RollUpJson.Default.RollUpPart);
    }

    private void Count(string pipeline, IsoWeek week, CountKind kind, long by)
    {
        var weeks = CountsOf(pipeline);
        if (!weeks.TryGetValue(week, out long[]? row)) weeks[week] = row = new long[(int)CountKind.OpenSince + 1];
        row[(int)kind] += by;
        string name = PartNames.Counts(pipeline, week.Year);
        _places[name] = (pipeline, week.Year, default);
        _changed.Add(name);
    }

    private void Change(SeriesKey key, Ledger.Row row, long by)
    {
        var series = SeriesOf(key);
        if (row.Excluded is { } reason) series.Exclude(reason, (int)by);
        for (; row.Excluded is null && by > 0; by--) series.Add(row.Value);
        for (; row.Excluded is null && by < 0; by++) series.Remove(row.Value);
        _changed.Add(PartNames.Series(key));
    }

    private Series SeriesOf(SeriesKey key)
    {
        if (_series.TryGetValue(key, out var series)) return series;
        _places[PartNames.Series(key)] = (key.Owner, null, key);
        return _series[key] = new Series();
    }

    private SortedDictionary<IsoWeek, long[]> CountsOf(string pipeline)
    {
        if (!_counts.TryGetValue(pipeline, out var weeks)) _counts[pipeline] = weeks = [];
        return weeks;
    }

    private void Drop(string name)
    {
        var (owner, year, key) = _places[name];
        _places.Remove(name);
        _summaries.Remove((key.Owner ?? "", key.Series ?? ""));
        if (year is null) _series.Remove(key);
        else foreach (var week in CountsOf(owner).Keys.Where(w => w.Year == year).ToList()) CountsOf(owner).Remove(week);
    }
}
