using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Webhooks and polls in any order, once or twice, or one of them not at all: the same registers.</summary>
public sealed class ConvergenceTests : IAsyncLifetime
{
    private FakeRegistry _registry = null!;
    private List<(string Digest, string? Tag, string Type)> _pushes = null!;

    public async Task InitializeAsync()
    {
        _registry = await FakeRegistry.StartAsync();
        var (amd64, _) = _registry.AddImage(Given.Sha('a'), salt: "1");
        var (arm64, _) = _registry.AddImage(null, salt: "2");
        string index = _registry.AddIndex([FakeRegistry.Child(amd64), FakeRegistry.Child(arm64, "arm64")], "v1");
        // The same platform in another index, which says more of it.
        string second = _registry.AddIndex([FakeRegistry.Child(arm64, "arm64")], "v2", static i => i["annotations"] = new System.Text.Json.Nodes.JsonObject { ["org.opencontainers.image.revision"] = Given.Sha('b') });
        var (single, _) = _registry.AddImage(Given.Sha('c'), Given.Source, "v3", salt: "3");
        var (nameless, _) = _registry.AddImage("dirty", tag: "v4", salt: "4");
        _pushes = [(amd64, null, FakeRegistry.Image), (arm64, null, FakeRegistry.Image), (index, "v1", FakeRegistry.Index), (second, "v2", FakeRegistry.Index), (single, "v3", FakeRegistry.Image), (nameless, "v4", FakeRegistry.Image)];
    }

    public async Task DisposeAsync() => await _registry.DisposeAsync();

    [Fact]
    public async Task Any_mix_gives_the_registers_that_polling_alone_gives()
    {
        var polled = new Dictionary<RegisterId, Fact>();
        Join(polled, (await _registry.Adapter().SweepAsync()).Facts);
        Assert.Equal(10, polled.Count);
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var adapter = _registry.Adapter(change: o =>
            {
                o.MaxTagsPerSweep = 1 + random.Next(3);
                o.CountsUntagged = random.Next(2) == 0;
            });
            var registers = new Dictionary<RegisterId, Fact>();
            var steps = _pushes.Concat(_pushes).Select(p => (Action)(() => Join(registers, adapter.Translator!.Translate(Given.Delivery(Given.Notification(Given.Push(p.Digest, p.Tag, p.Type)))).Facts))).ToList();
            int dropped = random.Next(steps.Count + 1);
            foreach (var step in steps.OrderBy(_ => random.Next()).Skip(dropped))
            {
                step();
                if (random.Next(3) == 0) Join(registers, (await adapter.SweepAsync()).Facts);
                if (random.Next(4) == 0) Join(registers, (await adapter.Probe!.ProbeAsync(Given.Look(Key.Image(_pushes[random.Next(_pushes.Count)].Digest)), CancellationToken.None)).Facts);
            }
            for (int i = 0; i < 4; i++) Join(registers, (await adapter.SweepAsync()).Facts);
            Assert.Equal(Text(polled), Text(registers));
        }
    }

    [Fact]
    public async Task A_platform_that_is_part_of_two_images_is_of_both()
    {
        var result = await _registry.Adapter().SweepAsync();
        Assert.Equal([Given.Commit('a'), Given.Commit('b')], result.Facts.CommitsOf(_pushes[1].Digest));
        Assert.Equal([Given.Commit('a')], result.Facts.CommitsOf(_pushes[2].Digest));
        Assert.Equal([Given.Commit('b')], result.Facts.CommitsOf(_pushes[3].Digest));
    }

    private static void Join(Dictionary<RegisterId, Fact> registers, IEnumerable<Fact> facts)
    {
        foreach (var fact in facts) registers[fact.Register] = registers.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;
    }

    private static string Text(Dictionary<RegisterId, Fact> registers) => string.Join("\n", registers.Values.OrderBy(static f => f.Register).Select(static f => System.Text.Json.JsonSerializer.Serialize(f)));
}
