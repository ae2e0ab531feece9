using System.Globalization;

namespace ClosedLoop.Simulation.Tests;

/// <summary>The simulated worlds from the command line.</summary>
internal static class Program
{
    private const string Usage = "--seed N [--trace] | --seeds COUNT [--from N] | --year [--days N] [--seed N] [--nodes N]";

    public static int Main(string[] args)
    {
        int? Number(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : null;
        if (args.Contains("--seeds")) return Many(Number("--from") ?? 0, Number("--seeds") ?? 0);
        if (args.Contains("--year")) return Report(SimulationOptions.Year(Number("--days") ?? 365, Number("--seed") ?? 1, Number("--nodes") ?? 1), args.Contains("--trace") ? Console.WriteLine : null) ? 0 : 1;
        if (Number("--seed") is { } seed) return Report(SimulationOptions.Of(seed), args.Contains("--trace") ? Console.WriteLine : null) ? 0 : 1;
        Console.Error.WriteLine(Usage);
        return 2;
    }

    private static int Many(int from, int count)
    {
        int failed = 0;
        for (int seed = from; seed < from + count; seed++)
        {
            try
            {
                Simulation.Run(SimulationOptions.Of(seed));
            }
            catch (SimulationException exception)
            {
                failed++;
                Console.WriteLine($"seed {seed}: {exception.Message.Split('\n')[0]}");
            }
        }
        Console.WriteLine($"{count} worlds, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static bool Report(SimulationOptions options, Action<string>? follow)
    {
        long begun = TimeProvider.System.GetTimestamp();
        try
        {
            var (figures, hash) = Simulation.Run(options, follow: follow);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed}: ok; {figures.Items} items, {figures.Facts} facts, {figures.Commits} commits, {figures.Conflicts} conflicts, {figures.Deliveries} webhooks delivered, {figures.WebhooksLost} lost, {figures.Polls} polls, {figures.Looks} looks, {figures.StoreCalls} store calls, {figures.Claims} claims of which 0 were not so, {figures.Crashes} crashes, {figures.Notifications} notifications, staleness p50 {figures.Staleness(0.5):0.0} s p99 {figures.Staleness(0.99):0.0} s, settled in {figures.Settled.TotalMinutes:0} min, {figures.Steps} steps, {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.00} s of wall time, of which {GC.GetTotalPauseDuration().TotalSeconds:0.00} s collecting garbage ({GC.CollectionCount(0)}, {GC.CollectionCount(1)}, {GC.CollectionCount(2)} times; {GC.GetTotalAllocatedBytes() / 1e9:0.0} GB), trace {hash}"));
            return true;
        }
        catch (SimulationException exception)
        {
            Console.WriteLine(exception.Message);
            return false;
        }
    }
}
