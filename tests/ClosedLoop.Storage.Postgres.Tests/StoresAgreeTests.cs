using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Storage.Postgres.Tests;

[Collection(PostgresCollection.Name)]
public sealed class StoresAgreeTests(PostgresServer server)
{
    [Fact]
    public void Any_sequence_of_operations_gives_the_same_answers_from_PostgreSQL_as_from_the_reference()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => RunAsync(bytes).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithStartSize(100).WithEndSize(600));
    }

    private async Task RunAsync(byte[] bytes)
    {
        await using var database = await Database.CreateAsync(server);
        await StoreAgreement.RunAsync(bytes, await database.OpenAsync());
    }
}
