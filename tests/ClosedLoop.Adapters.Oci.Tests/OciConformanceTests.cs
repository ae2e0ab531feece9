using ClosedLoop.Testing.Adapters;
using ClosedLoop.Tests.Support;
using Xunit.Abstractions;

namespace ClosedLoop.Adapters.Oci.Tests;

public sealed class OciConformanceTests(ITestOutputHelper output) : AdapterConformanceTests(output), IAsyncLifetime
{
    private const string Password = "canary-registry-password";
    private FakeRegistry _registry = null!;

    public async Task InitializeAsync() => _registry = await FakeRegistry.StartAsync();

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    protected override AdapterExample Example()
    {
        var (image, _) = _registry.AddImage(Given.Sha('a'), Given.Source, "v1", Given.Built);
        var (other, _) = _registry.AddImage(Given.Sha('b'), Given.Source, "v2", Given.Built, "2");
        return new AdapterExample
        {
            Create = handler => OciAdapter.Create(Given.Options(o => (o.Address, o.UserName, o.Password) = (_registry.Address, "closedloop", Password)), new HttpClient(handler), TimeProvider.System),
            Deliveries = [Push(image, "v1", "1"), Push(image, "latest", "2"), Push(other, "v2", "3")],
            SignsBody = false,
            Record = static traffic => traffic.Otherwise = SourceClient.CreateHandler(),
            Look = Given.Sweep(),
            Secrets = [Given.Secret, Password],
        };
    }

    private static WebhookDelivery Push(string digest, string tag, string id) => Given.Delivery(Given.Notification(Given.Push(digest, tag, id: id)), ("Authorization", "Bearer " + Given.Secret));
}
