using System.Globalization;

namespace ClosedLoop.Storage.Sqlite.Tests;

/// <summary>The process that the crash test kills: commits numbered batches for ever and says which are acknowledged.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var path, var first]) return 2;
        using var store = new SqliteLoopStore(new SqliteOptions { Path = path });
        await store.InitializeAsync(default);
        for (int number = int.Parse(first, CultureInfo.InvariantCulture); ; number++)
        {
            await store.CommitAsync(Batch.Create(number), default);
            // The full stop tells a whole number from one that the kill cut off.
            Console.Out.Write($"{number}.\n");
            Console.Out.Flush();
        }
    }
}
