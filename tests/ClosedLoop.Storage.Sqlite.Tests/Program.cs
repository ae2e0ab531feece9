using System.Globalization;

namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>The process that the crash test kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var path, var first]) return 2;
        int number = int.Parse(first, CultureInfo.InvariantCulture);
        // Half of the time it is killed with its log at rest, half of the time while every few batches the log is copied into the file beside them.
        using var store = new SqliteLoopStore(new SqliteOptions { Path = path }, copyEveryPages: number % 2 == 0 ? Checkpoints.EveryPages : 50);
        await KilledWriter.WriteAsync(store, number);
        return 0;
    }
}
