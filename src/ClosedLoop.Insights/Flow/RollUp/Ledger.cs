using System.Runtime.InteropServices;
using ClosedLoop.Insights.Statistics;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>What changes in the roll-up: what an item brings now, less what it brought before. What cancels out is not in it.</summary>
internal sealed class Ledger
{
    private readonly Dictionary<Row, long> _rows = [];

    /// <summary>The changes by row.</summary>
    public IEnumerable<KeyValuePair<Row, long>> Changes => _rows.Where(static r => r.Value != 0);

    /// <summary>1 while what an item brings is added, -1 while what it brought is taken away.</summary>
    public int Sign { get; set; } = 1;

    /// <summary>The pipeline that is written to.</summary>
    public string Pipeline { get; set; } = "";

    public void Count(DateTimeOffset at, CountKind kind, long by = 1) => Add(new Row(Pipeline, IsoWeek.Of(at), kind, null, 0, null), by);

    public void Value(string series, DateTimeOffset at, long value) => Add(new Row(Pipeline, IsoWeek.Of(at), default, series, value, null), 1);

    public void Exclude(string series, DateTimeOffset at, string reason) => Add(new Row(Pipeline, IsoWeek.Of(at), default, series, 0, reason), 1);

    private void Add(Row row, long by) => CollectionsMarshal.GetValueRefOrAddDefault(_rows, row, out _) += by * Sign;

    /// <summary>One place in the roll-up: a count, a value of a series, or what a series leaves out.</summary>
    internal readonly record struct Row(string Pipeline, IsoWeek Week, CountKind Kind, string? Series, long Value, string? Excluded);
}
