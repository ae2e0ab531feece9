using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Checks properties with a fixed seed, so that a failure is the same on every machine; FsCheck prints the seed with it.</summary>
internal static class PropertyCheck
{
    private const ulong Seed = 20260105;

    /// <param name="values">What to check it with.</param>
    /// <param name="body">Throws when it does not hold.</param>
    /// <param name="tests">How many values.</param>
    /// <param name="part">Other values than those of the other parts.</param>
    public static void Holds<T>(Arbitrary<T> values, Action<T> body, int tests = 100, ulong part = 0) => Check.One(Configuration(tests, part), Prop.ForAll(values, body));

    private static Config Configuration(int tests, ulong part) =>
        Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true)
            .WithReplay(Microsoft.FSharp.Core.FSharpOption<Replay>.Some(new Replay(new Rnd(Seed + part, 1), Microsoft.FSharp.Core.FSharpOption<int>.None)));
}
