namespace ClosedLoop.LoadRig;

/// <summary>Runs two sides in turn, the order changing each round, so that what else the machine does hits both.</summary>
internal sealed class Duel
{
    private const double WarmUpSeconds = 0.5;

    private readonly List<(double Ours, double Theirs)> _seconds = [];

    private Duel()
    {
    }

    /// <summary>Each side measures itself, so that its preparation is left out, and returns seconds. Rounds before that only warm up.</summary>
    public static async Task<Duel> RunAsync(int rounds, Func<Task<double>> ours, Func<Task<double>> theirs)
    {
        var duel = new Duel();
        for (long start = Clock.Start(); Clock.Seconds(start) < WarmUpSeconds;)
        {
            await ours();
            await theirs();
        }
        for (int round = 0; round < rounds; round++)
        {
            double our, their;
            if (round % 2 == 0)
            {
                our = await RunOneAsync(ours);
                their = await RunOneAsync(theirs);
            }
            else
            {
                their = await RunOneAsync(theirs);
                our = await RunOneAsync(ours);
            }
            duel._seconds.Add((our, their));
        }
        return duel;
    }

    /// <summary>Two sides that are too long to be run again.</summary>
    public static Duel Once(double ours, double theirs)
    {
        var duel = new Duel();
        duel._seconds.Add((ours, theirs));
        return duel;
    }

    /// <summary>A row in units per second.</summary>
    public Row Rate(string @case, string twin, string unit, double units, IReadOnlyDictionary<string, double>? more = null) =>
        ToRow(@case, twin, unit, seconds => units / seconds, more);

    /// <summary>A row in time per operation; <paramref name="scale"/> is how many of the unit make a second.</summary>
    public Row Time(string @case, string twin, string unit, double scale, double operations = 1, IReadOnlyDictionary<string, double>? more = null) =>
        ToRow(@case, twin, unit, seconds => seconds * scale / operations, more);

    private Row ToRow(string @case, string twin, string unit, Func<double, double> convert, IReadOnlyDictionary<string, double>? more) => new(
        @case,
        twin,
        unit,
        Spread.Of(_seconds.Select(r => convert(r.Ours))),
        Spread.Of(_seconds.Select(r => convert(r.Theirs))),
        Spread.Of(_seconds.Select(static r => r.Ours / r.Theirs)),
        more ?? new Dictionary<string, double>());

    private static Task<double> RunOneAsync(Func<Task<double>> side)
    {
        // Neither side pays for the other's garbage.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return side();
    }
}
