using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;
using ClosedLoop.Adapters.Kubernetes.Tests.Support;

namespace ClosedLoop.Adapters.Kubernetes.Tests;

public sealed class KubernetesConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output), IAsyncLifetime
{
    private const string Token = "canary-cluster-token-0815";
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await FakeCluster.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    protected override AdapterExample Example()
    {
        _cluster.Show(Given.Running('a'));
        return new AdapterExample
        {
            Create = handler => KubernetesAdapter.Create(Given.Options(_cluster.Address, static o => o.Token = Token), new HttpClient(handler), TimeProvider.System),
            Record = static traffic => traffic.Otherwise = SourceClient.CreateHandler(),
            Look = Given.Sweep,
            Secrets = [Token],
        };
    }
}
