using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>Generates delivery histories: several items and changes through all gates, with the accidents that real sources have.</summary>
internal sealed class Histories
{
    private static readonly string[] Reviewers = ["ann", "bob"];
    private static readonly string[] Jobs = ["web", "e2e"];
    private static readonly string[] Environments = ["staging", "production"];
    private static readonly GateStatus[] Verdicts = [GateStatus.Passed, GateStatus.Passed, GateStatus.Failed, GateStatus.Waiting, GateStatus.Running];

    private readonly Random _random;
    private readonly List<Fact> _facts = [];
    private readonly List<string> _landed = [];
    private readonly List<string> _images = [];
    private double _minute;
    private int _builds;
    private int _commits;

    private Histories(int seed) => _random = new Random(seed);

    public static Arbitrary<History> Arbitrary() => Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Make), Shrink);

    public static History Make(int seed)
    {
        var histories = new Histories(seed);
        int steps = histories._random.Next(1, 40);
        for (int i = 0; i < steps; i++) histories.Step();
        return new History([.. histories._facts]);
    }

    private static IEnumerable<History> Shrink(History history)
    {
        var facts = history.Facts;
        for (int size = facts.Length / 2; size > 0; size /= 2)
            for (int start = 0; start + size <= facts.Length; start += size)
                yield return new History([.. facts[..start], .. facts[(start + size)..]]);
    }

    private void Step()
    {
        _minute += _random.Next(0, 4);
        int number = _random.Next(1, 5);
        switch (_random.Next(20))
        {
            case 0: Add(Given.Opened(Item(), _minute) with { Attributes = Title("work " + _random.Next(3)) }); break;
            case 1 or 2: Add(Given.PrOpen(number, _minute, PrLinks(number)) with { Revision = Sha(number * 10 + _random.Next(2)) }); break;
            case 3: Add(Given.PrClosed(number, _minute, PrLinks(number))); break;
            case 4: Add(Given.Link(Chance(2) ? Given.Host : Given.Agent, _minute, Given.Branch("feature-" + number), Chance(5) ? [] : [Item()])); break;
            case 5: Add(Given.Link(Given.Agent, _minute, Given.Pr(number), Item())); break;
            case 6 or 7: Add(Given.Review(number, Pick(Reviewers), Pick(Verdicts), _minute)); break;
            case 8 or 9 or 10: Merge(number); break;
            case 11 or 12 or 13 or 14: BuildSome(); break;
            case 15:
                string digest = "d" + _random.Next(5);
                _images.Add(digest);
                Add(Given.ImageBuilt(digest, _minute, _landed.Count > 0 && Chance(2) ? Given.Commit(Pick(_landed)) : Given.Build(_random.Next(1, 4))));
                break;
            case 16: if (_images.Count > 0) Add(Given.Runs(Pick(Environments), Pick(_images), _minute, Pick(Verdicts))); break;
            case 17: if (_images.Count > 0) Add(Given.HealthOf(Pick(Environments), Pick(_images), Pick(Verdicts), _minute)); break;
            case 18: ByPerson(number); break;
            default: Contradict(); break;
        }
    }

    private void Merge(int number)
    {
        string sha = Sha(100 + (++_commits));
        var facts = new[] { Given.Merged(number, _minute, PrLinks(number)), Given.Landed(sha, number, _minute) };
        _landed.Add(sha);
        foreach (var fact in facts) Add(fact);
    }

    private void BuildSome()
    {
        int number = Chance(3) && _builds > 0 ? _random.Next(1, _builds + 1) : ++_builds;
        string job = Pick(Jobs);
        var status = Pick(Verdicts);
        var commits = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => _landed.Count > 0 && !Chance(5) ? Pick(_landed) : Sha(_random.Next(10, 50))).ToArray();
        if (Chance(3)) Add(Given.Built(number, job, GateStatus.Running, Reason.None, _minute, commits));
        Add(Given.Built(number, job, status, status == GateStatus.Waiting ? Reason.Cancelled : Reason.None, _minute + 1, commits) with { IsPartial = Chance(4) });
    }

    private void ByPerson(int number)
    {
        bool waive = Chance(2);
        var subject = Chance(4) ? Key.Item(Given.Pr(number).ToString()) : Item();
        Add(Given.Of(Given.Ann, subject, Pick(Gates.Default), _minute, waive ? GateStatus.NotApplicable : GateStatus.Passed, waive ? Reason.Waived : Reason.Recorded) with { Detail = "because" });
    }

    // Two different facts with one ordinal: an anomaly that sources do have.
    private void Contradict()
    {
        if (_facts.Count == 0) return;
        var fact = Pick(_facts);
        Add(_random.Next(3) switch
        {
            0 => fact with { Status = Pick(Verdicts) },
            1 => fact with { Detail = "seen differently", Links = fact.Links.Add(Item()) },
            _ => fact with { OccurredAt = fact.OccurredAt.AddSeconds(_random.Next(-5, 5)) },
        });
    }

    private Key[] PrLinks(int number) => _random.Next(6) switch
    {
        0 => [],
        1 => [Given.Branch("feature-" + number)],
        2 => [Item(), Item()],
        3 => [Item(), Given.Branch("feature-" + number)],
        _ => [Given.Item(number)],
    };

    private void Add(Fact fact) => _facts.Add(fact);

    private Key Item() => Given.Item(_random.Next(1, 5));

    private static string Sha(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    private static ImmutableSortedDictionary<string, string> Title(string title) => ImmutableSortedDictionary<string, string>.Empty.Add(FactAttributes.Title, title);

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
