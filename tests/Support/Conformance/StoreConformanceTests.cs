using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Storage.Tests;

/// <summary>Runs every case of the conformance kit over one store; <see cref="ConformanceCoverageTests"/> looks for these classes.</summary>
public abstract class StoreConformanceTests<TStore>
    where TStore : ILoopStore
{
    [Theory]
    [MemberData(nameof(ConformanceNames.All), MemberType = typeof(ConformanceNames))]
    public async Task The_store_conforms(string name)
    {
        int runs = 0;
        await WithStoreAsync(async store =>
        {
            await StoreConformance.Find(name).Run(store);
            runs++;
        });
        Assert.Equal(1, runs);
    }

    /// <summary>Makes a store, initialized and empty, uses it, and clears it away.</summary>
    protected abstract Task WithStoreAsync(Func<TStore, Task> use);
}
