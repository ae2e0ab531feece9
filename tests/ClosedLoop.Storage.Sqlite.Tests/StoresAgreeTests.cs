using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Storage.Sqlite.Tests;

public sealed class StoresAgreeTests
{
    [Fact]
    public void Any_sequence_of_operations_gives_the_same_answers_from_SQLite_as_from_the_reference()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), static bytes => RunAsync(bytes).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithStartSize(100).WithEndSize(600));
    }

    private static async Task RunAsync(byte[] bytes)
    {
        using var file = new TempFile();
        await StoreAgreement.RunAsync(bytes, await file.OpenAsync());
    }
}
