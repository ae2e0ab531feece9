using System.Globalization;
using ClosedLoop.Storage.Tests;

namespace ClosedLoop.LoadRig.Postgres;

/// <summary>A durable PostgreSQL server with its defaults, for the time of a measurement.</summary>
internal sealed class StartedServer : IAsyncDisposable
{
    // The kernel's USER_HZ, 100 on every platform of .NET.
    private const double TicksPerSecond = 100;

    public PostgresServer Server { get; } = new() { IsDurable = true };

    public Task StartAsync() => Server.InitializeAsync();

    /// <summary>
    /// The processor time that its processes have taken, those that have ended included; 0 where there is no /proc. On a busy machine it says more than the clock.
    /// </summary>
    public double ProcessorSeconds()
    {
        if (!Directory.Exists("/proc/self")) return 0;
        string main = File.ReadLines(Server.File("data/postmaster.pid")).First();
        long ticks = 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            string id = Path.GetFileName(folder);
            if (!char.IsAsciiDigit(id[0]) || Stat(folder) is not { } stat) continue;
            if (id == main) ticks += Number(11) + Number(12) + Number(13) + Number(14);
            else if (stat[1] == main) ticks += Number(11) + Number(12);

            long Number(int at) => long.Parse(stat[at], CultureInfo.InvariantCulture);
        }
        return ticks / TicksPerSecond;
    }

    // The fields of /proc/PID/stat from the state on, which is the third; null when the process has just ended.
    private static string[]? Stat(string folder)
    {
        try
        {
            string line = File.ReadAllText(Path.Combine(folder, "stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
