using System.Globalization;

namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>The process that the crash test kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var path, var first]) return 2;
        using var store = new SqliteLoopStore(new SqliteOptions { Path = path });
        await KilledWriter.WriteAsync(store, int.Parse(first, CultureInfo.InvariantCulture));
        return 0;
    }
}
