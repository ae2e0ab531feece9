using System.Globalization;

namespace ClosedLoop.Storage.Postgres.Tests;

/// <summary>The process that the crash test kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var connectionString, var first]) return 2;
        await using var store = new PostgresLoopStore(new PostgresOptions { ConnectionString = connectionString });
        await KilledWriter.WriteAsync(store, int.Parse(first, CultureInfo.InvariantCulture));
        return 0;
    }
}
