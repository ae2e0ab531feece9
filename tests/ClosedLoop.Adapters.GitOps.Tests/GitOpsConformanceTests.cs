using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.GitOps.Tests;

public sealed class ArgoCDConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output), IAsyncLifetime
{
    private FakeApi _api = null!;

    public async Task InitializeAsync() => _api = await FakeApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    protected override AdapterExample Example() => new()
    {
        Create = handler => ArgoCDAdapter.Create(Given.Options<ArgoCDOptions>(o => _api.Apply(o)), new HttpClient(handler), TimeProvider.System),
        Deliveries = [Given.Delivery(Given.App(5, "Progressing", 5, "ab", "Running")), Given.Delivery(Given.App(5, "Healthy", 7, "b"))],
        SignsBody = false,
        Secrets = [Given.Secret, Given.Token],
    };
}

public sealed class FluxConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    protected override AdapterExample Example() => new()
    {
        Create = static handler => FluxAdapter.Create(Given.Options<FluxOptions>(Given.Tracked), new HttpClient(handler), TimeProvider.System),
        Deliveries = [Given.Delivery(Given.FluxEvent("Progressing", 1, $"main@sha1:{Given.Sha('a')}")), Given.Delivery(Given.FluxEvent("ReconciliationSucceeded", 2, $"main@sha1:{Given.Sha('a')}"))],
        SignsBody = false,
        Secrets = [Given.Secret],
    };
}

public sealed class ArgoRolloutsConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output)
{
    protected override AdapterExample Example() => new()
    {
        Create = static handler => ArgoRolloutsAdapter.Create(Given.Options<ArgoRolloutsOptions>(), new HttpClient(handler), TimeProvider.System),
        Deliveries = [Given.Delivery(Given.Rollout(2, "2", "Progressing", 'b', "h1", "h2")), Given.Delivery(Given.Rollout(2, "2", "Healthy", 'b', "h2", "h2", 9))],
        SignsBody = false,
        Secrets = [Given.Secret],
    };
}
