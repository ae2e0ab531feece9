using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Hosting;

namespace ClosedLoop.Core.Tests.Hosting;

/// <summary>A registration that cannot work is a configuration error at start, not a silence later.</summary>
public sealed class AdapterCatalogTests
{
    private static readonly FakeSource Source = new();

    [Theory]
    [InlineData("GitHub")]
    [InlineData("")]
    [InlineData("git/hub")]
    public void A_name_that_no_webhook_address_can_have_is_refused(string name) =>
        Refused(new AdapterRegistration { Name = name, Writers = [Given.Ci] }, "lower-case letters, digits and '-'");

    [Fact]
    public void An_adapter_that_may_speak_for_nobody_is_refused()
    {
        Refused(new AdapterRegistration { Name = "a", Writers = [] }, "Adapters:a:Writers");
        Refused(new AdapterRegistration { Name = "a", Writers = default }, "Adapters:a:Writers");
    }

    [Fact]
    public void No_adapter_speaks_as_the_migration() => Refused(new AdapterRegistration { Name = "a", Writers = [Given.Ci, Writer.Migration] }, "ILoopMigration");

    [Fact]
    public void Limits_that_would_stop_it_are_refused_with_the_option_and_the_fix()
    {
        Refused(Valid(keys: 0), "Adapters:a:MaxKeysPerProbe is 0");
        Refused(Valid(bytes: 0), "Adapters:a:MaxBodyBytes is 0");
        Refused(Valid(hint: -1), "Adapters:a:HintDelay is -00:00:01");
        Refused(Valid(status: 500), "Adapters:a:MalformedStatusCode is 500");
        Assert.Single(new AdapterCatalog([Valid()]).All);
    }

    private static AdapterRegistration Valid(int keys = 100, int bytes = 1024, int hint = 0, int status = 202) => new()
    {
        Name = "a", Writers = [Given.Ci], Probe = Source, MaxKeysPerProbe = keys, MaxBodyBytes = bytes, HintDelay = TimeSpan.FromSeconds(hint), MalformedStatusCode = status,
    };

    private static void Refused(AdapterRegistration adapter, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => new AdapterCatalog([adapter])).Message, StringComparison.Ordinal);
}
