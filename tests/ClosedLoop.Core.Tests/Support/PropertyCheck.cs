using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Checks properties with a fixed seed, so that a failure is the same on every machine; FsCheck prints the seed with it.</summary>
internal static class PropertyCheck
{
    private const ulong Seed = 20260105;

    public static void Holds<T>(Arbitrary<T> values, Action<T> body, int tests = 100) => Check.One(Configuration(tests), Prop.ForAll(values, body));

    private static Config Configuration(int tests) =>
        Config.QuickThrowOnFailure.WithMaxTest(tests).WithQuietOnSuccess(true)
            .WithReplay(Microsoft.FSharp.Core.FSharpOption<Replay>.Some(new Replay(new Rnd(Seed, 1), Microsoft.FSharp.Core.FSharpOption<int>.None)));
}
