namespace EmpathyNotebooks.Host.Tests;

/// <summary>Tests of what all of a process shares, its memory or its console: they run one after the other, when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeProcess
{
    /// <summary>What the tests are marked with.</summary>
    public const string Name = "the whole process";
}
