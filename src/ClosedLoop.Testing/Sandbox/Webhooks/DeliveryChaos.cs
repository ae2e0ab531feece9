using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>Decides by the seed which webhooks get lost, arrive twice or late.</summary>
internal sealed class DeliveryChaos(SandboxOptions options)
{
    private readonly WorldDice _dice = new(options.Seed, "chaos");

    /// <summary>When to send the next webhook, and how often: no delays at all means never.</summary>
    public Fate Next()
    {
        // Every die is rolled for every webhook, so that changing one rate leaves the others' choices as they were.
        bool dropped = _dice.Chance(options.DropRate), late = _dice.Chance(options.ReorderRate), twice = _dice.Chance(options.DuplicateRate);
        var delay = _dice.UpTo(options.MaxDelay);
        var again = _dice.UpTo(options.MaxDelay);
        if (dropped) return new Fate([], false, false);
        var first = late ? delay : TimeSpan.Zero;
        return twice ? new Fate([first, again], late, true) : new Fate([first], late, false);
    }

    public readonly record struct Fate(TimeSpan[] Delays, bool IsLate, bool IsTwice)
    {
        public bool IsDropped => Delays.Length == 0;
    }
}
